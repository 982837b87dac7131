import { group } from '../../facts/accounts.ts';
import { isMountPoint } from '../../facts/mount-point.ts';
import type { Host } from '../../host/host.ts';
import { Secret } from '../../host/secret.ts';
import { passwordPath, passwordText } from './read.ts';
import type { StorageOp } from './schema.ts';

type OpOf<Name extends StorageOp['op']> = Extract<StorageOp, { op: Name }>;

const pvesm = async (host: Host, args: readonly string[]): Promise<void> => {
  await host.run({ program: 'pvesm', args });
};

const options = (properties: Readonly<Record<string, string>>): string[] =>
  Object.entries(properties).flatMap(([key, value]) => [`--${key}`, value]);

/** pvesm looks at the mount point when it adds a storage, and not when it changes one. */
const requireMounted = (host: Host, path: string): void => {
  if (!isMountPoint(host, path))
    throw new Error(
      `${path} is no mount point now, and Proxmox VE would take the storage offline; mount it, or declare \`isMountpoint: false\``,
    );
};

const set = async (host: Host, { id, properties, unset, mounted }: OpOf<'set'>): Promise<void> => {
  if (mounted !== undefined) requireMounted(host, mounted);
  await pvesm(host, [
    'set',
    id,
    ...options(properties),
    ...(unset.length > 0 ? ['--delete', unset.join(',')] : []),
  ]);
};

/**
 * pvesm takes a password only as an argument or from a terminal, so its file is written instead. The cluster filesystem
 * lets nobody choose owner and mode, and fails for any but these, for a directory too (pmxcfs, chmod and chown).
 */
const setPassword = async (host: Host, { id, password }: OpOf<'set-password'>): Promise<void> => {
  const path = passwordPath(id);
  const folder = path.slice(0, path.lastIndexOf('/'));
  const gid = (await host.fact(group)).get('www-data')?.gid ?? 0;
  const meta = { mode: 0o600, uid: 0, gid };
  if (host.lstat(folder) === undefined) host.makeDirectory(folder, meta);
  await host.writeFile(path, new Secret(passwordText(host.secret(password).reveal())), meta);
};

export const converge = async (op: StorageOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'add':
      await pvesm(host, ['add', op.type, op.id, ...options(op.properties)]);
      return;
    case 'set':
      await set(host, op);
      return;
    case 'set-password':
      await setPassword(host, op);
      return;
    case 'remove':
      await pvesm(host, ['remove', op.id]);
      return;
  }
};
