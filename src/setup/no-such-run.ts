/** Apart from who looks for runs: every start of the program knows this error. */
export class NoSuchRun extends Error {}
