import type { CommandFact, CommandResult } from '../../host/host.ts';
import { policiesIn, type Policy } from './policy.ts';

/** What is compiled, or what the parser says against it. */
export interface Compiled {
  readonly policies: readonly Policy[];
  readonly errors: readonly string[];
}

/** Without the kernel, without the cache (which goes by times of files, and so may be old), to standard output. */
const COMPILE = ['-QTK', '-S'] as const;

const READ_ALL = { encoding: 'latin1', maxOutput: 256 * 1024 * 1024, okCodes: [0, 1] } as const;

/** Warnings come with code 0, and are about the taste of a profile. */
export const compiledFrom = (stdout: string, { code, stderr }: CommandResult): Compiled => ({
  policies: policiesIn(stdout),
  errors:
    code === 0
      ? []
      : stderr
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '' && !/^(?:Warning|Skipping profile|Cache )/.test(line)),
});

/** As the text of one file. Undefined without a parser: the package apparmor is not installed. */
export const compileText = (text: string, complain: boolean): CommandFact<Compiled | undefined> => ({
  name: `apparmor_parser ${String(complain)} ${text}`,
  command: {
    program: 'apparmor_parser',
    args: [...COMPILE, ...(complain ? ['-C'] : [])],
    input: text,
    ...READ_ALL,
  },
  absent: undefined,
  parse: compiledFrom,
});

/**
 * As they are on disk, each in its mode; those that are disabled are skipped. One after the other: several jobs would
 * mix their bytes in one output (apparmor 4.1).
 */
export const compileFilesCommand = (paths: readonly string[], include?: string) => ({
  program: 'apparmor_parser',
  args: [...COMPILE, '-j', '1', ...(include === undefined ? [] : ['-I', include]), '--', ...paths],
  timeout: 600_000,
  ...READ_ALL,
});

export const compileFiles = (paths: readonly string[]): CommandFact<Compiled | undefined> => ({
  name: `apparmor_parser ${paths.join(' ')}`,
  command: compileFilesCommand(paths),
  absent: undefined,
  parse: compiledFrom,
});
