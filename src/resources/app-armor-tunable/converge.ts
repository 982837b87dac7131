import { reasonOf } from '../../engine/reading.ts';
import { compiledFrom, compileFilesCommand } from '../../facts/apparmor/compile.ts';
import { POLICY } from '../../facts/apparmor/folder.ts';
import { loadedProfiles } from '../../facts/apparmor/kernel.ts';
import type { Host } from '../../host/host.ts';
import { check } from './check.ts';
import { folderOf, pathOf } from './files.ts';
import type { TunableOp } from './schema.ts';

type OnFile = Exclude<TunableOp, { op: 'reparse' }>;

const onFile = async (op: OnFile, host: Host): Promise<void> => {
  if (op.op === 'restore') {
    const { sha256, mode, uid, gid } = op;
    await host.restoreFile(pathOf(op.name), sha256, { mode, uid, gid });
    return;
  }
  const content = op.op === 'write' ? op.content : undefined;
  await check(host, op.name, content, op.files);
  if (content === undefined) {
    host.removeFile(pathOf(op.name));
    return;
  }
  const folder = `${POLICY}/${folderOf(op.name)}`;
  if (host.lstat(folder) === undefined) host.makeDirectory(folder, { mode: 0o755, uid: 0, gid: 0 });
  await host.writeFile(pathOf(op.name), content, { mode: 0o644, uid: 0, gid: 0 });
};

/** Whether the kernel has something else of this file. What it does not have at all is not loaded now. */
const isStale = async (host: Host, path: string): Promise<boolean> => {
  const loaded = loadedProfiles(host);
  const result = await host.run(compileFilesCommand([path]));
  const { policies, errors } = compiledFrom(result.stdout, result);
  for (const error of errors) host.note(`${path} stays loaded as it was: ${error}`);
  const differs = policies.some((policy) => {
    const live = loaded.get(policy.name);
    return live !== undefined && live.isSame(policy) !== true;
  });
  return differs && errors.length === 0;
};

const reparse = async (host: Host, files: readonly string[]): Promise<void> => {
  const stale: string[] = [];
  for (const file of files) if (await isStale(host, `${POLICY}/${file}`)) stale.push(`${POLICY}/${file}`);
  // Replaced: what runs under them stays confined. The cache goes by times of files: it is written, and not read.
  if (stale.length > 0)
    await host.run({
      program: 'apparmor_parser',
      args: ['-r', '-T', '-W', '--', ...stale],
      timeout: 600_000,
    });
};

/** Files one by one, then the profiles once for all of them. */
export const convergeTogether = async (ops: readonly TunableOp[], host: Host): Promise<void> => {
  const failures: string[] = [];
  const files = new Set<string>();
  for (const op of ops) {
    if (op.op !== 'reparse')
      await onFile(op, host).catch((error: unknown) => failures.push(`${op.name}: ${reasonOf(error)}`));
    if (op.op === 'reparse' || op.op === 'restore') for (const file of op.files) files.add(file);
  }
  await reparse(host, [...files]);
  if (failures.length > 0) throw new Error(failures.join('\n'));
};
