import { reasonOf } from '../../engine/reading.ts';
import type { FileMeta, Host } from '../../host/host.ts';
import { pathOf, type RuleOp } from './schema.ts';

const ROOTS_OWN: FileMeta = { mode: 0o440, uid: 0, gid: 0 };

const bringBack = async (
  path: string,
  content: Buffer | undefined,
  meta: FileMeta,
  host: Host,
): Promise<void> => {
  if (content === undefined) host.removeFile(path);
  else await host.writeFile(path, content, { mode: meta.mode, uid: meta.uid, gid: meta.gid });
};

/** A change that passes alone may still break the whole: an alias of another file, say. Then nobody could use sudo. */
const guarded = async (path: string, host: Host, change: () => Promise<void>): Promise<void> => {
  const content = host.readFile(path);
  const meta = host.lstat(path) ?? ROOTS_OWN;
  await change();
  try {
    // without -f it would also refuse a foreign file of mode 0644, which sudo itself accepts (1.9.13)
    await host.run({ program: 'visudo', args: ['-c', '-f', '/etc/sudoers'] });
  } catch (error) {
    await bringBack(path, content, meta, host);
    throw new Error(
      `${path}: brought back as it was, because with the change visudo refuses the sudoers files as a whole; ` +
        `run \`visudo -c -f /etc/sudoers\` to see whether another file is at fault: ${reasonOf(error)}`,
      { cause: error },
    );
  }
};

export const converge = async (op: RuleOp, host: Host): Promise<void> => {
  const path = pathOf(op.name);
  switch (op.op) {
    case 'write':
      await guarded(path, host, async () => {
        const checkedBy = { program: 'visudo', args: ['-c', '-f'] };
        await host.writeFile(path, op.text, { ...ROOTS_OWN, checkedBy });
      });
      return;
    case 'set-meta':
      host.setMeta(path, { mode: Number.parseInt(op.mode, 8), uid: op.uid, gid: op.gid });
      return;
    case 'remove':
      await guarded(path, host, async () => {
        await Promise.resolve();
        host.removeFile(path);
      });
      return;
  }
};
