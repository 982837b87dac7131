/** What a dataset's properties need: which to set and which to inherit, in one go, and the way back. */
import { z } from 'zod';
import type { Action, Change, Finding, Refusal, Risk } from '../engine/action.ts';
import type { Command } from '../host/host.ts';
import { limitRefusals } from './zfs-limits.ts';
import type { Setting, Settings } from './zfs-list.ts';
import { PROPERTIES } from './zfs-properties.ts';
import type { Declared } from './zfs-schema.ts';
import { liveValue, normalValue, sameValue, shownValue } from './zfs-values.ts';

export const setOp = z.strictObject({
  op: z.literal('set'),
  name: z.string(),
  /** As zfs set takes them. */
  set: z.record(z.string(), z.string()),
  inherit: z.array(z.string()),
  /** Back to what a zfs receive brought. */
  revert: z.array(z.string()),
});
export type SetOp = z.output<typeof setOp>;

export interface Wanted {
  readonly name: string;
  readonly properties: Declared;
  readonly inherit: readonly string[];
}

export interface Found {
  readonly settings: Settings;
  /** Of the module: some values depend on it. */
  readonly release?: string | undefined;
}

/** One property that differs. */
interface Difference {
  readonly property: string;
  readonly from: Setting | undefined;
  /** Undefined: it is to be inherited. */
  readonly to: string | undefined;
}

const wantedValue = (name: string, properties: Declared, release?: string): string | undefined => {
  const written = properties[name];
  return written === undefined ? undefined : normalValue(name, written, release);
};

const differs = (property: string, to: string, from: Setting | undefined, release?: string): boolean =>
  from === undefined ||
  (from.source !== 'temporary' && !sameValue(property, to, liveValue(property, from.value, release)));

const differences = ({ properties, inherit }: Wanted, { settings, release }: Found): Difference[] => {
  const changed = Object.keys(properties).flatMap((property) => {
    const to = wantedValue(property, properties, release) ?? '';
    const from = settings[property];
    return differs(property, to, from, release) ? [{ property, from, to }] : [];
  });
  const inherited = inherit.flatMap((property) => {
    const from = settings[property];
    return from?.source === 'local' ? [{ property, from, to: undefined }] : [];
  });
  return [...changed, ...inherited];
};

const shownSetting = (property: string, from: Setting | undefined): string | null =>
  from === undefined ? null : shownValue(property, liveValue(property, from.value));

const changeOf = ({ property, from, to }: Difference): Change => ({
  path: property,
  from: shownSetting(property, from),
  to: to === undefined ? 'inherited' : shownValue(property, to),
});

const refuseOnce = (name: string, difference: Difference): Refusal => {
  const { property } = difference;
  const change = changeOf(difference);
  return {
    refuses:
      `only creation can set ${property}: ${name} has ${String(change.from)}, and ${String(change.to)} is declared; ` +
      'declare what it has, or move its data to a new dataset',
    changes: [change],
  };
};

const refuseUnknown = (name: string, difference: Difference): Refusal => ({
  refuses: `${name} has no property ${difference.property}: this version of ZFS does not know it; leave it out`,
  changes: [changeOf(difference)],
});

const refusalOf = (name: string, difference: Difference): Refusal[] => {
  const property = PROPERTIES[difference.property];
  if (property !== undefined && difference.from === undefined) return [refuseUnknown(name, difference)];
  return property?.once ? [refuseOnce(name, difference)] : [];
};

const riskOf = (all: readonly Difference[]): Risk =>
  all.some(({ property }) => PROPERTIES[property]?.disruptive) ? 'disruptive' : 'safe';

/** The way back: what was local is set again, the rest comes from where it came. */
const undoOf = (name: string, all: readonly Difference[]): SetOp => {
  const back = { set: {} as Record<string, string>, inherit: [] as string[], revert: [] as string[] };
  for (const { property, from } of all) {
    if (from?.source === 'received') back.revert.push(property);
    else if (from === undefined || (from.source !== 'local' && !PROPERTIES[property]?.own))
      back.inherit.push(property);
    else back.set[property] = from.value;
  }
  return { op: 'set', name, ...back };
};

const LOSES = 'sync=disabled: a power cut loses the last seconds of what programs were told is safe';

const warningsOf = (all: readonly Difference[]): string[] => {
  const names = all
    .filter(({ property }) => PROPERTIES[property]?.newWritesOnly)
    .map(({ property }) => property);
  const shares = all.some(({ property, to }) => /^share(nfs|smb)$/.test(property) && to !== 'off');
  return [
    ...(names.length > 0 ? [`${names.join(', ')}: for new writes only`] : []),
    ...(all.some(({ property, to }) => property === 'sync' && to === 'disabled') ? [LOSES] : []),
    ...(shares ? ['shared by zfs itself, beside what other kinds share'] : []),
  ];
};

const settingText = ({ property, to }: Difference): string =>
  to === undefined ? '' : `${property}=${shownValue(property, to)}`;

const describe = (name: string, all: readonly Difference[]): string => {
  const set = all.map(settingText).filter((one) => one !== '');
  const inherit = all.filter(({ to }) => to === undefined).map(({ property }) => property);
  const parts = [
    ...(set.length > 0 ? [`set ${set.join(', ')}`] : []),
    ...(inherit.length > 0 ? [`inherit ${inherit.join(', ')}`] : []),
  ];
  return [`${parts.join(' and ')} on ${name}`, ...warningsOf(all)].join('; ');
};

const setAction = (name: string, all: readonly Difference[]): Action<SetOp> => ({
  does: {
    op: 'set',
    name,
    set: Object.fromEntries(
      all.flatMap(({ property, to }) => (to === undefined ? [] : [[property, shownValue(property, to)]])),
    ),
    inherit: all.filter(({ to }) => to === undefined).map(({ property }) => property),
    revert: [],
  },
  description: describe(name, all),
  risk: riskOf(all),
  changes: all.map(changeOf),
  undo: { by: undoOf(name, all) },
});

/** Nothing, one action with all that differs, or refusals. */
export const diffSettings = (want: Wanted, found: Found): Finding<SetOp>[] => {
  const all = differences(want, found);
  if (all.length === 0) return [];
  const refusals = [
    ...all.flatMap((difference) => refusalOf(want.name, difference)),
    ...limitRefusals(
      want.name,
      new Map(all.flatMap(({ property, to }) => (to === undefined ? [] : [[property, to]]))),
      found.settings,
    ),
  ];
  return refusals.length > 0 ? refusals : [setAction(want.name, all)];
};

/** What declared properties would be at worst: for what is not there yet, and may turn out to differ. */
export const worstRisk = (properties: Declared, inherit: readonly string[]): Risk =>
  riskOf(
    [...Object.keys(properties), ...inherit].map((property) => ({
      property,
      from: undefined,
      to: undefined,
    })),
  );

/** All properties at once, as creation takes them. */
export const creationValues = (properties: Declared): Record<string, string> =>
  Object.fromEntries(
    Object.keys(properties).map((property) => [
      property,
      shownValue(property, wantedValue(property, properties) ?? ''),
    ]),
  );

export const creationText = (properties: Record<string, string>): string =>
  Object.entries(properties)
    .map(([property, value]) => `${property}=${value}`)
    .join(', ');

export const optionArgs = (properties: Readonly<Record<string, string>>): string[] =>
  Object.entries(properties).flatMap(([property, value]) => ['-o', `${property}=${value}`]);

/** Taking a quota off or mounting again may wait for the pool to write. */
const ZFS_TIMEOUT = 10 * 60_000;

export const zfs = (...args: readonly string[]): Command => ({ program: 'zfs', args, timeout: ZFS_TIMEOUT });

/** zfs set takes all at once; zfs inherit one property at a time. */
export const setCommands = ({ name, set, inherit, revert }: SetOp): Command[] => {
  const pairs = Object.entries(set).map(([property, value]) => `${property}=${value}`);
  return [
    ...(pairs.length > 0 ? [zfs('set', ...pairs, name)] : []),
    ...inherit.map((property) => zfs('inherit', property, name)),
    ...revert.map((property) => zfs('inherit', '-S', property, name)),
  ];
};
