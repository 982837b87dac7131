import type { RunEvent } from '../engine/events.ts';
import { withoutSecrets } from '../engine/without-secrets.ts';

/** The version of the records: a change that breaks readers raises the first number. */
const SCHEMA = '1.0';

/** `--json`: one JSON document a line; the first says which version of them follows. */
export const versionRecord = (phoenix: string): string =>
  `${JSON.stringify({ type: 'version', schema: SCHEMA, phoenix })}\n`;

export const eventRecord = ({ event, ...fields }: RunEvent, at: Date): string => {
  const record = { type: event.replaceAll(' ', '-'), at: at.toISOString(), ...fields };
  return `${JSON.stringify(record, withoutSecrets)}\n`;
};
