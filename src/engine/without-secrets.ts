/** A plan as it may leave the program: what the terminal does not show is in no record and no file either. */
import type { Action } from './action.ts';

const isAction = (value: unknown): value is Action =>
  typeof value === 'object' && value !== null && 'does' in value && 'changes' in value;

/** For JSON.stringify. Of an op that carries a secret content, only its name is left. */
export const withoutSecrets = (_key: string, value: unknown): unknown => {
  if (!isAction(value) || !value.changes.some(({ as }) => as === 'secret')) return value;
  return {
    ...value,
    does: { op: value.does.op },
    undo: { none: 'not shown' },
    changes: value.changes.map((change) =>
      change.as === 'secret' ? { ...change, from: null, to: null } : change,
    ),
  };
};
