import { etab } from '../../facts/nfs-exports.ts';
import { mountTable } from '../../facts/mount-table.ts';
import { isHostName, normalClient } from '../../facts/nfs-client.ts';
import { SomeFailed } from '../../engine/some-failed.ts';
import type { Host } from '../../host/host.ts';
import { complaintsOf, sift } from './check.ts';
import { editExports, OUR_FILE, renderLine } from './exports-file.ts';
import { zfsFilesystems } from './facts.ts';
import { groundOf, isTold } from './ground.ts';
import type { ExportOp } from './schema.ts';

type Export = Extract<ExportOp, { op: 'export' }>;

const isExport = (op: ExportOp): op is Export => op.op === 'export';

const READABLE = { mode: 0o644, uid: 0, gid: 0 };

/** By path: why it was not carried out. */
type Failures = Map<string, string>;

/** Once more, right before: what was mounted when the plan was made may be gone. */
const onSolidGround = async (ops: readonly Export[], host: Host, failures: Failures): Promise<Export[]> => {
  const mounts = (await host.fact(mountTable)) ?? [];
  const filesystems = ops.every(isTold) ? [] : await host.fact(zfsFilesystems);
  return ops.filter((op) => {
    const ground = groundOf(host, op, mounts, filesystems);
    if (ground.is === 'directory') return true;
    failures.set(
      op.path,
      ground.is === 'wrong'
        ? ground.reason
        : `there is no directory ${op.path}: make it, mount it, or declare it (Directory, ZfsDataset)`,
    );
    return false;
  });
};

const write = async (host: Host, lines: ReadonlyMap<string, string | undefined>): Promise<void> => {
  const before = host.readFile(OUR_FILE)?.toString();
  const after = editExports(before, lines);
  if (after === before) return;
  // nfs-kernel-server 2.8 does not ship the folder.
  if (host.lstat('/etc/exports.d') === undefined)
    host.makeDirectory('/etc/exports.d', { mode: 0o755, uid: 0, gid: 0 });
  await host.writeFile(OUR_FILE, after, READABLE);
};

/**
 * Exports what the files have, and takes away what is to go, by name. Not `exportfs -r`: it would also take away what
 * others exported by hand, and everything in a file of others that has an error (nfs-utils 2.6, 2.8).
 */
const refresh = async (host: Host, ops: readonly ExportOp[]): Promise<string> => {
  for (const { path, drop } of ops)
    for (const client of drop)
      // Literal IPv6 addresses stand in brackets; 1: it was gone already.
      await host.run({
        program: 'exportfs',
        args: ['-u', `${client.includes(':') ? `[${client}]` : client}:${path}`],
        okCodes: [0, 1],
      });
  // 1: also where a line of others has an error; what became of ours is looked at.
  const { stderr } = await host.run({ program: 'exportfs', args: ['-a'], okCodes: [0, 1] });
  return complaintsOf(stderr).join('\n');
};

const missingOf = (op: Export, offered: ReadonlySet<string>): string[] =>
  op.clients
    .map(({ host }) => host)
    // A host name is in the table under its canonical name: the next reading knows.
    .filter((host) => !isHostName(host) && !offered.has(`${normalClient(host)} ${op.path}`));

const verify = async (
  host: Host,
  ops: readonly Export[],
  said: string,
  failures: Failures,
): Promise<void> => {
  const table = await host.fact(etab);
  const offered = new Set(table.map(({ path, client }) => `${normalClient(client)} ${path}`));
  for (const op of ops) {
    const missing = missingOf(op, offered);
    if (missing.length > 0)
      failures.set(
        op.path,
        `exportfs did not export it to ${missing.join(', ')}${said === '' ? '' : `:\n${said}`}`,
      );
  }
};

/** The file is written once for all, and each line is right or the old one stays. */
export const convergeTogether = async (ops: readonly ExportOp[], host: Host): Promise<void> => {
  const failures: Failures = new Map();
  const exports = await onSolidGround(ops.filter(isExport), host, failures);
  const wanted = new Map(exports.map(({ path, clients }) => [path, renderLine(path, clients)]));
  if (wanted.size > 0)
    for (const [path, reason] of (await sift(host, wanted)).bad) failures.set(path, reason);

  const due = ops.filter(({ path }) => !failures.has(path));
  if (due.length > 0) {
    await write(host, new Map(due.map(({ path }) => [path, wanted.get(path)])));
    const said = await refresh(host, due);
    await verify(host, due.filter(isExport), said, failures);
  }
  if (failures.size > 0) throw new SomeFailed(failures);
};
