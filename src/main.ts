/** Where phoenix begins: the way to a command, and what is said when it fails. */

/** A reader that went away (`phoenix setup | head`), or a full disk, ends the output, not the run. */
const outliveOutput = (stream: NodeJS.WriteStream): void => {
  // oclif puts a listener there when it is loaded, that throws on all but EPIPE.
  stream.removeAllListeners('error').on('error', () => undefined);
};

/** A run by the timer goes without oclif. */
const load = async (argv: readonly string[]): Promise<() => Promise<void>> => {
  if (argv[0] === 'scheduled') {
    const { scheduled } = await import('./commands/scheduled.ts');
    return () => scheduled(argv.slice(1));
  }
  const { dispatch } = await import('./command-line.ts');
  return () => dispatch(argv);
};

export const start = async (argv: readonly string[]): Promise<void> => {
  try {
    const run = await load(argv);
    outliveOutput(process.stdout);
    outliveOutput(process.stderr);
    await run();
  } catch (error) {
    const { failureOf } = await import('./commands/failures.ts');
    const { message, exitCode } = failureOf(error);
    process.stderr.write(`phoenix: ${message}\n`);
    process.exitCode = exitCode;
  }
};
