/** There is a run of that name, and it cannot be taken back by command. */
export class CannotRollBack extends Error {}
