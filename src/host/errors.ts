import type { Command, CommandResult } from './host.ts';
import { displayArgv, lastLines } from './display.ts';

/** Whether a system call failed with one of these codes, such as ENOENT. */
export const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** Reading failed for another reason than "not there". */
export class Unreadable extends Error {
  constructor(path: string, cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    super(`cannot read ${path}: ${code}`, { cause });
  }
}

/** A path that phoenix will not go through or write over: somebody could have planted it. */
export class UnsafePath extends Error {}

export class ProgramMissing extends Error {
  constructor(program: string) {
    super(`${program} is not installed (looked in /usr/sbin, /usr/bin, /sbin, /bin)`);
  }
}

export type HowItEnded =
  | { readonly how: 'exited' }
  | { readonly how: 'timed out'; readonly after: number }
  | { readonly how: 'killed'; readonly signal: string }
  | { readonly how: 'printed too much'; readonly limit: number };

const ending = (ended: HowItEnded, code: number): string => {
  switch (ended.how) {
    case 'exited':
      return `exit code ${code}`;
    case 'timed out':
      return `no end after ${ended.after / 1000} s, killed`;
    case 'killed':
      return `killed by ${ended.signal}`;
    case 'printed too much':
      return `more than ${ended.limit} bytes of output, killed`;
  }
};

/** A program that did not do what it was asked: the command, how it ended, its last lines. */
export class CommandFailed extends Error {
  readonly result: CommandResult;

  constructor(command: Pick<Command, 'program' | 'args'>, ended: HowItEnded, result: CommandResult) {
    const said = lastLines(result.stderr.trim() === '' ? result.stdout : result.stderr, 20);
    const head = `${displayArgv(command)}: ${ending(ended, result.code)}`;
    super(said === '' ? head : `${head}\n${said}`);
    this.result = result;
  }
}
