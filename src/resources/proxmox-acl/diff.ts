import type { Action, Finding, Refusal, Risk } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { notProxmox } from '../../facts/proxmox.ts';
import { showSubject, subjectOf, type AclOp, type Desired } from './schema.ts';

export interface Held {
  readonly role: string;
  readonly propagate: boolean;
}

export type Actual =
  | { readonly isProxmox: false }
  | {
      readonly isProxmox: true;
      /** What the subject has on this very path. */
      readonly held: readonly Held[];
      /** Every role that Proxmox VE knows; left out where none is wanted. */
      readonly roles?: readonly string[];
      /** The wanted role can give itself more, or change the host. */
      readonly isPowerful: boolean;
    };
type OnProxmox = Extract<Actual, { isProxmox: true }>;

const place = (want: Desired): { path: string; type: 'user' | 'group' | 'token'; subject: string } => {
  const { type, name } = subjectOf(want);
  return { path: want.path, type, subject: name };
};

const show = ({ role, propagate }: Held): string => (propagate ? role : `${role} (this path only)`);

const grant = (want: Desired, role: string, before: Held | undefined, risk: Risk): Action<AclOp> => {
  const wanted = { role, propagate: want.propagate };
  return {
    does: { op: 'grant', ...place(want), ...wanted },
    description: `give ${showSubject(subjectOf(want))} the role ${show(wanted)} on ${want.path}`,
    risk,
    changes: [{ path: 'role', from: before === undefined ? null : show(before), to: show(wanted) }],
    undo: {
      by:
        before === undefined
          ? { op: 'revoke', ...place(want), role }
          : { op: 'grant', ...place(want), ...before },
    },
  };
};

const revoke = (want: Desired, held: Held): Action<AclOp> => ({
  does: { op: 'revoke', ...place(want), role: held.role },
  description: `take the role ${show(held)} on ${want.path} from ${showSubject(subjectOf(want))}`,
  risk: 'disruptive',
  changes: [{ path: 'role', from: show(held), to: null }],
  undo: { by: { op: 'grant', ...place(want), ...held } },
});

const unknownRole = (role: string, roles: readonly string[]): Refusal => ({
  refuses: `there is no role ${role}; this host has ${[...roles].sort().join(', ')}`,
  changes: [{ path: 'role', from: null, to: role }],
});

/** First what is wanted, then what is not: nobody is without a role in between. */
const diffRole = (
  want: Desired,
  role: string,
  { held, roles = [], isPowerful }: OnProxmox,
): Finding<AclOp>[] => {
  if (!roles.includes(role)) return [unknownRole(role, roles)];
  const before = held.find((one) => one.role === role);
  const others = held.filter((one) => one.role !== role);
  // a permission that no longer reaches below the path takes something away
  const narrows = before?.propagate === true && !want.propagate;
  return [
    ...(before?.propagate === want.propagate
      ? []
      : [grant(want, role, before, isPowerful || narrows ? 'disruptive' : 'safe')]),
    ...others.map((one) => revoke(want, one)),
  ];
};

export const diff = (want: Desired, reading: Known<Actual>): Finding<AclOp>[] => {
  const found: Actual =
    reading.is === 'present' ? reading.value : { isProxmox: true, held: [], isPowerful: false };
  if (!found.isProxmox)
    return [
      {
        refuses: notProxmox(`the permission of ${showSubject(subjectOf(want))} on ${want.path}`),
        changes: [{ path: 'role', from: null, to: want.role ?? null }],
      },
    ];
  return want.role === undefined
    ? found.held.map((one) => revoke(want, one))
    : diffRole(want, want.role, found);
};
