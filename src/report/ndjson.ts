import type { Action } from '../engine/action.ts';
import type { RunEvent } from '../engine/events.ts';

/** The version of the records: a change that breaks readers raises the first number. */
const SCHEMA = '1.0';

/** `--json`: one JSON document a line; the first says which version of them follows. */
export const versionRecord = (phoenix: string): string =>
  `${JSON.stringify({ type: 'version', schema: SCHEMA, phoenix })}\n`;

const isAction = (value: unknown): value is Action =>
  typeof value === 'object' && value !== null && 'does' in value && 'changes' in value;

/** What the terminal does not show is in no record either: of an op that carries a secret content, only its name. */
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

export const eventRecord = ({ event, ...fields }: RunEvent, at: Date): string => {
  const record = { type: event.replaceAll(' ', '-'), at: at.toISOString(), ...fields };
  return `${JSON.stringify(record, withoutSecrets)}\n`;
};
