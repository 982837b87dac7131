import { accountsOf, type Accounts } from '../../facts/accounts.ts';
import { metaOf } from '../../facts/ownership.ts';
import type { Host } from '../../host/host.ts';
import type { DirectoryOp } from './schema.ts';

/** By number: setfacl says "Invalid argument near character 3" of a name that it does not know. */
const withIds = (accounts: Accounts) => (entry: string) => {
  const [tag = '', name = '', permissions = ''] = entry.split(':');
  if (name === '') return entry;
  const id = tag === 'user' ? accounts.uid(name) : accounts.gid(name);
  if (id === undefined) throw new Error(`no ${tag} ${name} on this host, for the ACL entry ${entry}`);
  return `${tag}:${id}:${permissions}`;
};

const setAcl = async (op: DirectoryOp & { op: 'set-acl' }, host: Host): Promise<void> => {
  const toIds = withIds(await accountsOf(host));
  const lines = [...op.access.map(toIds), ...(op.inherited ?? []).map((entry) => `default:${toIds(entry)}`)];
  // --set-file replaces the access entries, and keeps default entries that it does not name (acl 2.3.1).
  const forget = op.inherited === undefined ? [] : ['--remove-default'];
  await host.run({
    program: 'setfacl',
    args: [...forget, '--set-file=-', '--', op.path],
    input: `${lines.join('\n')}\n`,
  });
};

export const converge = async (op: DirectoryOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'create':
      host.makeDirectory(op.path, metaOf(op, await accountsOf(host)));
      return;
    case 'set-meta':
      host.setMeta(op.path, metaOf(op, await accountsOf(host)));
      return;
    case 'set-acl':
      await setAcl(op, host);
      return;
    case 'remove':
      host.removeDirectory(op.path, { recursive: op.content });
      return;
  }
};
