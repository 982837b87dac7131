import { reasonOf } from '../../engine/reading.ts';
import type { Host } from '../../host/host.ts';
import { OUR_FILE } from './exports-file.ts';

/** Where exportfs does not look; root's alone, and gone after a boot. */
const SCRATCH = '/run/phoenix-exports';
const CANDIDATE = `${SCRATCH}/phoenix.exports`;

const clear = (host: Host): void => {
  if (host.lstat(SCRATCH) !== undefined) host.removeDirectory(SCRATCH, { recursive: true });
};

/**
 * exportfs has no dry run (nfs-utils 2.6, 2.8). So it is run where it finds the candidate in place of all files, and a
 * table of its own: in a mount namespace that systemd makes, as for a service (systemd.exec(5)), and that goes away
 * with it. What it asks of the kernel is real, and only asked.
 */
const exportfs = (host: Host) => ({
  program: 'systemd-run',
  args: [
    '--quiet',
    '--wait',
    '--pipe',
    '--collect',
    '--property=TemporaryFileSystem=/var/lib/nfs',
    '--property=TemporaryFileSystem=/etc/exports.d',
    `--property=BindReadOnlyPaths=${CANDIDATE}:${OUR_FILE}`,
    ...(host.lstat('/etc/exports') === undefined
      ? []
      : ['--property=BindReadOnlyPaths=/dev/null:/etc/exports']),
    'exportfs',
    '-r',
  ],
  okCodes: [0, 1],
});

/** Not about a line: there is no /etc/exports, or it is empty. */
const HARMLESS = /can't open \/etc\/exports for reading|No file systems exported/;

export const complaintsOf = (stderr: string): string[] => [
  ...new Set(
    stderr
      .split('\n')
      .filter((line) => line.startsWith('exportfs: ') && !HARMLESS.test(line))
      .map((line) => line.slice('exportfs: '.length)),
  ),
];

/** Throws if the server would not take each of the lines as it is. */
const check = async (host: Host, lines: readonly string[]): Promise<void> => {
  clear(host);
  try {
    host.makeDirectory(SCRATCH, { mode: 0o700, uid: 0, gid: 0 });
    await host.writeFile(CANDIDATE, lines.map((line) => `${line}\n`).join(''), {
      mode: 0o600,
      uid: 0,
      gid: 0,
    });
    const { code, stderr } = await host.run(exportfs(host));
    // Of a host that cannot be resolved it complains, and ends with 0.
    const complaints = complaintsOf(stderr);
    if (code === 0 && complaints.length === 0) return;
    const said = complaints.length > 0 ? complaints.join('\n') : stderr.trim();
    throw new Error(`exportfs refuses the line; nothing was written:\n${said}\n${lines.join('\n')}`);
  } finally {
    clear(host);
  }
};

/** Those that the server takes, and why it does not take the others: one by one only if there is something wrong. */
export const sift = async (
  host: Host,
  lines: ReadonlyMap<string, string>,
): Promise<{ readonly good: ReadonlyMap<string, string>; readonly bad: ReadonlyMap<string, string> }> => {
  const bad = new Map<string, string>();
  const good = new Map(lines);
  try {
    await check(host, [...lines.values()]);
    return { good, bad };
  } catch (error) {
    if (lines.size === 1) bad.set([...lines.keys()].join(), reasonOf(error));
  }
  if (lines.size > 1)
    for (const [path, line] of lines) {
      try {
        await check(host, [line]);
      } catch (error) {
        bad.set(path, reasonOf(error));
      }
    }
  for (const path of bad.keys()) good.delete(path);
  return { good, bad };
};
