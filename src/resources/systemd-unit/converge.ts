import type { Host } from '../../host/host.ts';
import { FOLDER } from './files.ts';
import type { Kept, UnitOp } from './schema.ts';
import { reload, restart, start, systemctl } from './systemctl.ts';
import { verify } from './verify.ts';

type OpOf<Name extends UnitOp['op']> = Extract<UnitOp, { op: Name }>;

const ROOT = { uid: 0, gid: 0 };

const dropinFolder = (unit: string): string => `${FOLDER}/${unit}.d`;

const makeFolderFor = (host: Host, unit: string, files: readonly string[]): void => {
  if (files.some((file) => file !== unit) && host.lstat(dropinFolder(unit)) === undefined)
    host.makeDirectory(dropinFolder(unit), { mode: 0o755, ...ROOT });
};

const removeFiles = (host: Host, unit: string, files: readonly string[]): void => {
  for (const file of files) host.removeFile(`${FOLDER}/${file}`);
  const left = files.some((file) => file !== unit) ? host.readDirectory(dropinFolder(unit)) : undefined;
  if (left?.length === 0) host.removeDirectory(dropinFolder(unit));
};

const write = async (host: Host, { unit, files, changed, obsolete }: OpOf<'write'>): Promise<void> => {
  await verify(host, unit, files, obsolete);
  makeFolderFor(host, unit, changed);
  for (const file of changed)
    await host.writeFile(`${FOLDER}/${file}`, files[file] ?? '', { mode: 0o644, ...ROOT });
  removeFiles(host, unit, obsolete);
};

/** The daemon-reload of the way there comes before this in the way back, so there is one more. */
const restore = async (host: Host, { unit, files }: OpOf<'restore'>): Promise<void> => {
  const entries = Object.entries(files);
  const old = entries.filter((entry): entry is [string, Kept] => entry[1] !== null);
  makeFolderFor(
    host,
    unit,
    old.map(([file]) => file),
  );
  for (const [file, { sha256, ...meta }] of old) await host.restoreFile(`${FOLDER}/${file}`, sha256, meta);
  removeFiles(
    host,
    unit,
    entries.filter(([, kept]) => kept === null).map(([file]) => file),
  );
  await systemctl(host, ['daemon-reload']);
};

const onFiles = async (op: OpOf<'write' | 'remove' | 'restore'>, host: Host): Promise<void> => {
  if (op.op === 'write') await write(host, op);
  else if (op.op === 'restore') await restore(host, op);
  else removeFiles(host, op.unit, op.files);
};

const onJob = async (op: OpOf<'start' | 'restart' | 'reload'>, host: Host): Promise<void> => {
  if (op.op === 'start') await start(host, op.unit, op.afterFailure);
  else if (op.op === 'restart') await restart(host, op.unit);
  else await reload(host, op.unit);
};

/** These, but for stop, make systemd read its files again by themselves. */
const onUnit = async (op: OpOf<'enable' | 'disable' | 'mask' | 'unmask' | 'stop'>, host: Host) => {
  const runtime = 'runtime' in op && op.runtime ? ['--runtime'] : [];
  await systemctl(host, [op.op, ...runtime, '--', op.unit]);
};

export const converge = async (op: UnitOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'write':
    case 'remove':
    case 'restore':
      await onFiles(op, host);
      return;
    case 'daemon-reload':
      await systemctl(host, ['daemon-reload']);
      return;
    case 'start':
    case 'restart':
    case 'reload':
      await onJob(op, host);
      return;
    default:
      await onUnit(op, host);
  }
};
