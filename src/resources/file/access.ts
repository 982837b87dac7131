/** Files that decide who can get in: a wrong one locks the operator out. */
import { riskier, type Access, type Action, type Finding } from '../../engine/action.ts';
import type { Command, HostReader } from '../../host/host.ts';
import type { FileOp } from './schema.ts';

const isSshd = (path: string): boolean =>
  path === '/etc/ssh/sshd_config' || /^\/etc\/ssh\/sshd_config\.d\/[^/]+\.conf$/.test(path);

const accessOf = (path: string): Access | undefined => {
  if (isSshd(path)) return 'ssh';
  return path === '/etc/sudoers' ? 'sudo' : undefined;
};

/** Such a change takes itself back unless it is confirmed; where its undo is by hand that cannot be promised. */
const guarded = (action: Action<FileOp>, cutsOff: Access): Action<FileOp> => ({
  ...action,
  risk: riskier('disruptive', action.risk) ? 'disruptive' : action.risk,
  ...('by' in action.undo ? { cutsOff } : {}),
});

export const guardAccess = (path: string, finding: Finding<FileOp>): Finding<FileOp> => {
  const cutsOff = accessOf(path);
  return cutsOff === undefined || !('does' in finding) ? finding : guarded(finding, cutsOff);
};

/** sshd(8), -t: a part is a configuration of its own. Without sshd there is nobody to ask, and nobody to lock out. */
export const checkedBy = (path: string, host: HostReader): { readonly checkedBy?: Command } => {
  if (path === '/etc/sudoers') return { checkedBy: { program: 'visudo', args: ['-c', '-f'] } };
  return isSshd(path) && host.lstat('/usr/sbin/sshd') !== undefined
    ? { checkedBy: { program: 'sshd', args: ['-t', '-f'] } }
    : {};
};
