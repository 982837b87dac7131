import { passwd } from '../../facts/accounts.ts';
import type { Host } from '../../host/host.ts';
import { Secret } from '../../host/secret.ts';
import { passwordOf } from './password.ts';
import type { UserOp } from './schema.ts';

type Setting = Extract<UserOp, { op: 'create' | 'set-password' }>;

const smbpasswd = async (host: Host, args: readonly string[], input?: Secret): Promise<void> => {
  await host.run({ program: 'smbpasswd', args, ...(input === undefined ? {} : { input }) });
};

/** On standard input: an argument would be visible to every user in /proc. */
const setPassword = async (
  { name, password, disabled }: Setting,
  host: Host,
  add: boolean,
): Promise<void> => {
  const line = passwordOf(host, password);
  // -s: silent, by standard input; it also enables an account that was disabled (4.17, 4.22)
  await smbpasswd(host, ['-s', ...(add ? ['-a'] : []), name], new Secret(`${line}\n${line}\n`));
  if (disabled) await smbpasswd(host, ['-d', name]);
};

/** smbpasswd would only say that it "failed to add entry". */
const requireUnixUser = async (host: Host, name: string): Promise<void> => {
  if ((await host.fact(passwd)).has(name)) return;
  throw new Error(`no user ${name} on this host, and a Samba account needs one; declare UnixUser[${name}]`);
};

export const converge = async (op: UserOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'create':
      await requireUnixUser(host, op.name);
      await setPassword(op, host, true);
      return;
    case 'set-password':
      await setPassword(op, host, false);
      return;
    case 'disable':
      await smbpasswd(host, ['-d', op.name]);
      return;
    case 'enable':
      await smbpasswd(host, ['-e', op.name]);
      return;
    case 'remove':
      await host.run({ program: 'pdbedit', args: ['-x', '-u', op.name] });
      return;
  }
};
