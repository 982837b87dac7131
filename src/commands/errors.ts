/** Errors of the command line. Apart from what they mean, which needs oclif: a run by the timer does without it. */

/** It asks for something that makes no sense. */
export class UsageError extends Error {}
/** Only root can do this. */
export class NotRoot extends Error {}
