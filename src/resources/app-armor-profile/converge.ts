import { POLICY } from '../../facts/apparmor/folder.ts';
import type { Host } from '../../host/host.ts';
import { LINK_FOLDERS, linkOf, marked, pathOf } from './files.ts';
import { confinedBy } from './processes.ts';
import type { Mode, ProfileOp } from './schema.ts';

const ROOT = { uid: 0, gid: 0 };

/** By standard input: a file of this name might be in the folder of those that are disabled, and would be skipped. */
const check = async (host: Host, name: string, content: string): Promise<void> => {
  const { code, stderr } = await host.run({
    program: 'apparmor_parser',
    args: ['-QTK'],
    input: content,
    okCodes: [0, 1],
  });
  if (code === 0) return;
  throw new Error(`apparmor_parser rejects ${name}; nothing was written:\n${stderr.trim()}`);
};

const setMode = (host: Host, name: string, mode: Mode): void => {
  if (mode !== 'enforce' && host.lstat(linkOf(name, mode)) === undefined) {
    if (host.lstat(LINK_FOLDERS[mode]) === undefined)
      host.makeDirectory(LINK_FOLDERS[mode], { mode: 0o755, ...ROOT });
    host.symlink(`../${name}`, linkOf(name, mode));
  }
  for (const other of ['complain', 'disabled'] as const)
    if (other !== mode && host.lstat(linkOf(name, other)) !== undefined) host.removeFile(linkOf(name, other));
};

/**
 * Replaces (`-r`): what runs under the profile goes over to the new one, and is at no time unconfined. Never removed
 * and added: that leaves it unconfined for good. The cache goes by times of files, so it is written, and not read.
 */
const load = async (host: Host, name: string): Promise<void> => {
  await host.run({ program: 'apparmor_parser', args: ['-r', '-T', '-W', '--', pathOf(name)] });
};

const quoted = (profile: string): string => `"${profile.replace(/["\\]/g, '\\$&')}"`;

/** 254: it is gone already. */
const unload = async (host: Host, profiles: readonly string[]): Promise<void> => {
  for (const profile of profiles)
    await host.run({
      program: 'apparmor_parser',
      args: ['-R'],
      input: `profile ${quoted(profile)} {\n}\n`,
      okCodes: [0, 254],
    });
};

const refuseIfUsed = (host: Host, profiles: readonly string[]): void => {
  for (const [name, pids] of confinedBy(host, profiles))
    if (pids.length > 0)
      throw new Error(
        `process ${pids.join(', ')} runs under ${name} and would be unconfined; nothing was unloaded: stop it first`,
      );
};

export const converge = async (op: ProfileOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'write':
      await check(host, op.name, op.content);
      if (host.lstat(POLICY) === undefined) host.makeDirectory(POLICY, { mode: 0o755, ...ROOT });
      await host.writeFile(pathOf(op.name), marked(op.name, op.content), { mode: 0o644, ...ROOT });
      return;
    case 'mode':
      setMode(host, op.name, op.mode);
      return;
    case 'load':
      await load(host, op.name);
      return;
    case 'unload':
      if (op.unlessUsed) refuseIfUsed(host, op.profiles);
      await unload(host, op.profiles);
      return;
    case 'remove':
      host.removeFile(pathOf(op.name));
      setMode(host, op.name, 'enforce');
      return;
    case 'restore':
      await host.restoreFile(pathOf(op.name), op.sha256, { mode: op.mode, uid: op.uid, gid: op.gid });
      await load(host, op.name);
  }
};
