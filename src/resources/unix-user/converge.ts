import { group, passwd } from '../../facts/accounts.ts';
import type { Host } from '../../host/host.ts';
import { Secret } from '../../host/secret.ts';
import { shellIsUsable } from './facts.ts';
import { lockedHash, passwordHashOf } from './hash.ts';
import type { OpNamed, UserOp } from './schema.ts';

const option = (flag: string, value: string | number | undefined): string[] =>
  value === undefined ? [] : [flag, String(value)];

/** useradd(8) and usermod(8) only warn. */
const requireShell = (host: Host, shell: string | undefined): void => {
  if (shell !== undefined && !shellIsUsable(host, shell))
    throw new Error(`${shell}: no such executable; install it before it becomes a login shell`);
};

/** `useradd -U` fails (exit code 9) when a group with the name of the user is already there. */
const primaryGroupOption = async (op: OpNamed<'create'>, host: Host): Promise<string[]> => {
  if (op.primaryGroup !== undefined) return ['-g', op.primaryGroup];
  return (await host.fact(group)).has(op.name) ? ['-g', op.name] : ['-U'];
};

/** One process for the whole account; the password stays at `!` until it is set. */
const create = async (op: OpNamed<'create'>, host: Host): Promise<void> => {
  requireShell(host, op.shell);
  const args = [
    ...(op.system ? ['-r'] : []),
    ...option('-u', op.uid),
    ...(await primaryGroupOption(op, host)),
    ...(op.groups.length > 0 ? ['-G', op.groups.join(',')] : []),
    ...option('-s', op.shell),
    ...option('-d', op.home),
    op.createHome ? '-m' : '-M',
    ...(op.homeMode === undefined ? [] : ['-K', `HOME_MODE=${op.homeMode}`]),
    ...option('-c', op.comment),
    ...option('-e', op.expires),
  ];
  await host.run({ program: 'useradd', args: [...args, '--', op.name] });
};

const modify = async (op: OpNamed<'modify'>, host: Host): Promise<void> => {
  requireShell(host, op.shell);
  const args = [
    ...option('-g', op.primaryGroup),
    ...option('-s', op.shell),
    ...option('-d', op.home),
    ...option('-c', op.comment),
    ...option('-e', op.expires === 'never' ? '-1' : op.expires),
  ];
  await host.run({ program: 'usermod', args: [...args, '--', op.name] });
};

/** On standard input: an argument would be visible to every user in /proc. */
const setPassword = async (op: OpNamed<'set-password'>, host: Host): Promise<void> => {
  const hash = passwordHashOf(host, op.hash);
  const input = new Secret(`${op.name}:${op.locked ? lockedHash(hash) : hash}\n`);
  await host.run({ program: 'chpasswd', args: ['-e'], input });
};

const makeHome = async (op: OpNamed<'make-home'>, host: Host): Promise<void> => {
  const user = (await host.fact(passwd)).get(op.name);
  if (user === undefined) throw new Error(`${op.name}: no such user in /etc/passwd`);
  host.makeDirectory(op.path, { mode: Number.parseInt(op.mode, 8), uid: user.uid, gid: user.gid });
};

const setHomeMode = (op: OpNamed<'home-mode'>, host: Host): void => {
  const info = host.lstat(op.path);
  if (info?.type !== 'directory') throw new Error(`${op.path}: expected a directory`);
  host.setMeta(op.path, { mode: Number.parseInt(op.mode, 8), uid: info.uid, gid: info.gid });
};

const usermod = async (host: Host, args: readonly string[], name: string): Promise<void> => {
  await host.run({ program: 'usermod', args: [...args, '--', name] });
};

export const converge = async (op: UserOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'create':
      await create(op, host);
      return;
    case 'modify':
      await modify(op, host);
      return;
    case 'join':
      await usermod(host, ['-a', '-G', op.groups.join(',')], op.name);
      return;
    case 'leave':
      await usermod(host, ['-r', '-G', op.groups.join(',')], op.name);
      return;
    case 'set-password':
      await setPassword(op, host);
      return;
    case 'lock':
      await usermod(host, ['-L'], op.name);
      return;
    case 'unlock':
      await usermod(host, ['-U'], op.name);
      return;
    case 'make-home':
      await makeHome(op, host);
      return;
    case 'home-mode':
      setHomeMode(op, host);
      return;
    case 'remove':
      await host.run({ program: 'userdel', args: [...(op.removeHome ? ['-r'] : []), '--', op.name] });
      return;
  }
};
