/** A pool that is imported: its properties are set, its layout is compared, its health is reported. */
import type { Action, Finding, Refusal, Remark } from '../../engine/action.ts';
import type { Actual, Candidate } from './actual.ts';
import { compareLayout } from './compare-layout.ts';
import { changeOf, isPermitted, isRefused } from './diff-layout.ts';
import { isSameValue, valueOf } from './properties.ts';
import type { Desired, PoolOp } from './schema.ts';
import { foundText, wantedText } from './tree-text.ts';
import { wantedLayout } from './wanted.ts';

type Imported = NonNullable<Actual['pool']>;

const USABLE: ReadonlySet<string> = new Set(['ONLINE', 'DEGRADED']);

const unusable = ({ name, state, status }: Imported): Refusal => ({
  refuses: `pool ${name} is ${state}: ${status ?? 'it cannot be used'}; see: zpool status ${name}`,
  changes: [{ path: 'state', from: state, to: 'ONLINE' }],
});

/** What is under way or has gone wrong; a scrub or resilver that has ended says nothing. */
const remarksOn = ({ name, state, status, scan, errors }: Imported): Remark[] => [
  ...(state === 'ONLINE' ? [] : [{ remarks: `pool ${name} is ${state}: ${status ?? 'see zpool status'}` }]),
  ...(scan === undefined || !/in progress|paused/.test(scan) ? [] : [{ remarks: scan }]),
  ...(errors === undefined || errors === 'No known data errors' ? [] : [{ remarks: `errors: ${errors}` }]),
];

const setProperty = (
  pool: string,
  property: string,
  value: string,
  found: string | undefined,
): Action<PoolOp> => ({
  does: { op: 'set', pool, property, value },
  description: `set ${property} of pool ${pool} to ${value === '' ? "''" : value}`,
  risk: 'safe',
  changes: [{ path: property, from: found ?? null, to: value }],
  undo:
    found === undefined || property.startsWith('feature@')
      ? { none: 'a feature that is enabled stays so' }
      : { by: { op: 'set', pool, property, value: found === '-' ? '' : found } },
});

const cannotDisable = (pool: string, feature: string): Refusal => ({
  refuses: `${feature} is enabled in pool ${pool}, and a feature that is enabled stays so; remove it from the manifest`,
  changes: [{ path: feature, from: 'enabled', to: 'disabled' }],
});

const diffProperties = (want: Desired, { properties }: Imported): Finding<PoolOp>[] => {
  const wanted = Object.entries({
    ...(want.ashift === undefined ? {} : { ashift: want.ashift }),
    ...want.properties,
  });
  return wanted.flatMap(([property, given]): Finding<PoolOp>[] => {
    const [value, found] = [valueOf(given), properties[property]];
    if (found !== undefined && isSameValue(property, value, found)) return [];
    if (property.startsWith('feature@') && value !== 'enabled') return [cannotDisable(want.name, property)];
    return [setProperty(want.name, property, value, found)];
  });
};

const layoutDiffers = (want: Desired, { name, config }: Imported, why: string): Refusal => ({
  refuses: `the layout of pool ${name} is not that of the manifest, and is not changed by guess: ${why}`,
  changes: [{ path: 'layout', from: foundText(config), to: wantedText(wantedLayout(want)), as: 'text' }],
});

/** Why a disk may not be written to; one that nobody looked at may not either. */
const notEmpty = (candidates: readonly Candidate[], disk: string): string | undefined => {
  const found = candidates.find(({ path }) => path === disk);
  if (found === undefined) return `${disk} is in the pool already, or was not looked at`;
  const against = [...found.bars, ...found.sees];
  return against.length === 0 ? undefined : `${disk} is not an empty disk: ${against.join('; ')}`;
};

const diffLayout = (want: Desired, pool: Imported, actual: Actual): Finding<PoolOp>[] => {
  const unmatched = compareLayout(actual.places, wantedLayout(want), pool.config);
  const changes = unmatched.map((one) => changeOf(want, actual.places, one));
  const refused = changes.find(isRefused);
  if (refused !== undefined) return [layoutDiffers(want, pool, refused.why)];
  const permitted = changes.filter(isPermitted);
  const full = permitted
    .flatMap(({ disks }) => disks)
    .map((disk) => notEmpty(actual.candidates, disk))
    .find((reason) => reason !== undefined);
  return full === undefined ? permitted.flatMap(({ actions }) => actions) : [layoutDiffers(want, pool, full)];
};

export const diffImported = (want: Desired, pool: Imported, actual: Actual): Finding<PoolOp>[] => {
  if (!USABLE.has(pool.state)) return [unusable(pool)];
  return [...remarksOn(pool), ...diffLayout(want, pool, actual), ...diffProperties(want, pool)];
};
