import { passwd } from '../../facts/accounts.ts';
import type { Host } from '../../host/host.ts';
import { placeOf } from './facts.ts';
import type { KeysOp } from './schema.ts';

/** The home is looked up now: the user may have been made in this very run. */
const locate = async (op: KeysOp, host: Host) => {
  const user = (await host.fact(passwd)).get(op.user);
  if (user === undefined)
    throw new Error(`expected user ${op.user} in /etc/passwd, to put the keys into its home`);
  const { directory, file } = placeOf(user.home, op.path);
  return { uid: user.uid, gid: user.gid, file, directory: directory ?? file.slice(0, file.lastIndexOf('/')) };
};

export const converge = async (op: KeysOp, host: Host): Promise<void> => {
  const { uid, gid, file, directory } = await locate(op, host);
  switch (op.op) {
    case 'make-directory':
      host.makeDirectory(directory, { mode: 0o700, uid, gid });
      return;
    case 'write':
      await host.writeFile(file, op.text, { mode: 0o600, uid, gid });
      return;
    case 'delete':
      host.removeFile(file);
      return;
    case 'set-meta':
      host.setMeta(op.part === 'file' ? file : directory, {
        mode: Number.parseInt(op.mode, 8),
        uid: op.uid,
        gid: op.gid,
      });
      return;
  }
};
