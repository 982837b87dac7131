import type { Debt } from '../../engine/action.ts';
import type { Desired } from './schema.ts';

/**
 * Never restarted because something changed: guests stop, the cluster loses its quorum, connections and sessions
 * drop. (pve-guests even refuses it: RefuseManualStart=, RefuseManualStop=.)
 */
const GUARDED = new Set(
  [
    'pve-guests',
    'pve-cluster',
    'corosync',
    'ssh',
    'sshd',
    'networking',
    'systemd-logind',
    'dbus',
    'dbus-broker',
  ].map((name) => `${name}.service`),
);

export const isGuarded = (unit: string): boolean => GUARDED.has(unit);

const suffixOf = (unit: string): string => unit.slice(unit.lastIndexOf('.') + 1);

/** To restart a mount unmounts it, and a target or slice takes what is in it along. */
const RESTARTED = new Set(['service', 'socket', 'timer', 'path']);

/** What a running unit needs before a change of its files is in effect. */
export const debtOf = ({ name, restart, reloadable }: Desired): Debt | undefined => {
  if (restart === 'never' || !RESTARTED.has(suffixOf(name))) return undefined;
  if (!reloadable && isGuarded(name)) return undefined;
  const op = reloadable ? 'reload' : 'restart';
  const isQuiet = reloadable || ['timer', 'path'].includes(suffixOf(name));
  return {
    kind: 'SystemdUnit',
    does: { op, unit: name } as Debt['does'],
    description: `${op} ${name}`,
    risk: isQuiet ? 'safe' : 'disruptive',
  };
};
