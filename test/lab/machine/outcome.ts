/** What a command in the guest did. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Milliseconds; the command is killed in the guest and the code is 124. */
  readonly timeout?: number;
  readonly input?: string;
}

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-20).join('\n');

/** An outcome that the test did not expect, with what an operator needs to see why. */
export const surprise = (what: string, command: string, { code, stdout, stderr }: Outcome): Error =>
  new Error(
    `${what} (exit code ${code}): ${command}\n--- stdout\n${lastLines(stdout)}\n--- stderr\n${lastLines(stderr)}`,
  );

/** One word of a shell line, whatever it contains. */
export const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** The same line with a deadline kept in the guest, so that nothing is left running there. */
export const withDeadline = (line: string, milliseconds: number): string =>
  `timeout --kill-after=5 ${Math.ceil(milliseconds / 1000)} bash -c ${quote(line)}`;
