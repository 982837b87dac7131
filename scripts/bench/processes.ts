/** The programs that a command starts, itself included: counted by the kernel, so none is missed. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const TRACE = '/mnt/trace';

/** By name, in the order of their start. */
export const programsStartedBy = (argv: readonly string[]): string[] => {
  const { status, stderr } = spawnSync(
    'strace',
    ['-f', '-qq', '-e', 'trace=execve', '-e', 'signal=none', '-o', TRACE, ...argv],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${argv.join(' ')}: exit code ${status ?? 'none'}\n${stderr}`);
  return readFileSync(TRACE, 'utf8')
    .split('\n')
    .flatMap((line) => (line.endsWith(' = 0') ? (/execve\("[^"]*?([^"/]+)"/.exec(line)?.[1] ?? []) : []));
};
