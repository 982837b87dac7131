import type { Finding, Refusal } from '../../engine/action.ts';
import type { Actual } from './facts.ts';
import type { Desired, OpNamed, UserOp } from './schema.ts';

const FIELDS = ['primaryGroup', 'shell', 'home', 'comment', 'expires'] as const;
type Field = (typeof FIELDS)[number];

const refusalOf = (field: Field, want: Desired, found: Actual): Refusal | undefined => {
  const value = String(want[field]);
  const changes = [{ path: field, from: found[field], to: value }];
  if (field === 'shell' && !found.shellUsable)
    return {
      refuses: `${value} does not exist or is not executable, so ${want.name} keeps ${found.shell}; install it, or declare another shell`,
      changes,
    };
  if (field === 'home' && found.homeDirectory?.type !== 'directory')
    return {
      refuses: `${value} is not a directory, and what is in ${found.home} is never moved; run \`usermod -m -d ${value} ${want.name}\`, or make the directory first`,
      changes,
    };
  return undefined;
};

const pick = (fields: readonly Field[], from: Partial<Record<Field, string | undefined>>) =>
  Object.fromEntries(fields.map((field) => [field, from[field]]));

const modify = (fields: readonly Field[], want: Desired, found: Actual): Finding<UserOp> => {
  const op = (values: object): OpNamed<'modify'> => ({ op: 'modify', name: want.name, ...values });
  const told = fields.map((field) => `${field} ${want[field] || '(empty)'}`);
  return {
    does: op(pick(fields, want)),
    description: `set ${told.join(', ')} of user ${want.name}`,
    risk: fields.every((field) => field === 'comment') ? 'safe' : 'disruptive',
    changes: fields.map((field) => ({ path: field, from: found[field], to: want[field] })),
    undo: { by: op(pick(fields, found)) },
  };
};

/** The fields that one `usermod` sets together. */
export const diffAccount = (want: Desired, found: Actual): readonly Finding<UserOp>[] => {
  const differing = FIELDS.filter((field) => want[field] !== undefined && want[field] !== found[field]);
  const refusals: Refusal[] = [];
  const fields = differing.filter((field) => {
    const refusal = refusalOf(field, want, found);
    if (refusal) refusals.push(refusal);
    return refusal === undefined;
  });
  return fields.length === 0 ? refusals : [...refusals, modify(fields, want, found)];
};
