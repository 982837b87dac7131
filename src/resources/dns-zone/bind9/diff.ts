import type { Action, Change, Finding, Risk } from '../../../engine/action.ts';
import { zoneConf, zoneData } from '../../../facts/bind9/files.ts';
import { refuseForeign, textChange } from '../findings.ts';
import { expectedOf, keyOf, type Answers } from '../questions.ts';
import { resolveAll, zoneOf } from '../resolved.ts';
import type { Desired, ZoneOp } from '../schema.ts';
import type { Bind9 } from './read.ts';
import { render, type Texts } from './render.ts';
import { serialIn } from './serial.ts';

const verbOf = (to: Partial<Texts>, { conf, data }: Bind9): string => {
  if (to.conf === undefined) return 'remove';
  return conf === undefined && data === undefined ? 'add' : 'change';
};

/** Nobody notices a name that is new; one that changes or goes somebody may use. */
const loses = (from: string | undefined, to: string | undefined): boolean => {
  const kept = new Set(to?.split('\n'));
  return (from ?? '').split('\n').some((line) => !kept.has(line));
};

const riskOf = ({ conf, data }: Bind9, to: Partial<Texts>): Risk =>
  loses(conf, to.conf) || loses(data, to.data) ? 'disruptive' : 'safe';

const write = (zone: string, found: Bind9, to: Partial<Texts>): Action<ZoneOp> => ({
  does: { op: 'write-bind9', zone, conf: to.conf ?? null, data: to.data ?? null },
  description: `${verbOf(to, found)} zone ${zone}${found.runs ? ', and let named read it' : ''}`,
  risk: riskOf(found, to),
  changes: [
    ...textChange(zoneConf(zone), found.conf, to.conf),
    ...textChange(zoneData(zone), found.data, to.data),
  ],
  undo: { by: { op: 'write-bind9', zone, conf: found.conf ?? null, data: found.data ?? null } },
});

const reload = (zone: string): Action<ZoneOp> => ({
  does: { op: 'reload-bind9', zone },
  description: `let named read ${zoneConf(zone)}: it does not use what is in it`,
  risk: 'safe',
  changes: [{ path: 'zone in use', from: 'another version', to: 'that of the file' }],
  undo: { none: 'what named used before is in no file' },
});

/** With another serial and a new time, or named would take the file for one that it has read. */
const writeAgain = (zone: string, { conf, data }: Bind9, changes: readonly Change[]): Action<ZoneOp> => ({
  does: { op: 'write-bind9', zone, conf: conf ?? null, data: data ?? null },
  description: `let named read ${zoneData(zone)} again, with a higher serial`,
  risk: 'safe',
  changes,
  undo: { none: 'what it answered before was not in the file' },
});

const answerChanges = (want: Desired, answers: Answers): Change[] =>
  expectedOf(resolveAll(want.records, want.name)).flatMap((expected) => {
    const said = answers[keyOf(expected)] ?? [];
    const [from, to] = [said.join(', '), expected.records.join(', ')];
    return from === to ? [] : [{ path: `answer to ${keyOf(expected)}`, from: from || 'none', to }];
  });

const diffSays = (want: Desired, found: Bind9, says: NonNullable<Bind9['says']>): Finding<ZoneOp>[] => {
  const zone = zoneOf(want);
  if (!says.knows) return [reload(zone)];
  if (found.data === undefined) return [];
  const serial = serialIn(found.data);
  const changes: Change[] =
    says.serial === serial
      ? answerChanges(want, says.answers)
      : [{ path: 'serial in use', from: says.serial ?? 'none', to: serial }];
  return changes.length === 0 ? [] : [writeAgain(zone, found, changes)];
};

export const diffBind9 = (want: Desired, found: Bind9): readonly Finding<ZoneOp>[] => {
  const zone = zoneOf(want);
  if (want.ensure === 'absent')
    return found.conf === undefined && found.data === undefined ? [] : [write(zone, found, {})];
  if (found.foreign.length > 0) return [refuseForeign(zone, found.foreign)];
  const to = render(want, serialIn(found.data));
  if (found.conf !== to.conf || found.data !== to.data) return [write(zone, found, to)];
  return found.says === undefined ? [] : diffSays(want, found, found.says);
};
