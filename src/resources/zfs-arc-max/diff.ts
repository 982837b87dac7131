import type { Action, Change, Finding, Refusal, Undo } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { bytesOf, showBytes } from '../../facts/binary-size.ts';
import { INITRAMFS_DEBTS } from '../../facts/initramfs.ts';
import { FOLDER, LIMITS, OWN, PARAMETERS, valuesIn, withValue, type Limit } from './modprobe.ts';
import type { Actual, ArcOp, Assigned, Desired } from './schema.ts';
import { LEAST, missingAtBoot, missingLive, type Missing } from './target.ts';

const OWN_PATH = `${FOLDER}/${OWN}`;

const isEmpty = (missing: Missing): boolean => missing.max === undefined && missing.min === undefined;

const pairs = (missing: Missing): [Limit, number][] =>
  LIMITS.flatMap((limit): [Limit, number][] =>
    missing[limit] === undefined ? [] : [[limit, missing[limit]]],
  );

const shown = (missing: Missing): string =>
  pairs(missing)
    .map(([limit, value]) => `${PARAMETERS[limit]} to ${showBytes(value)}`)
    .join(' and ');

const apply = (missing: Missing, live: NonNullable<Actual['live']>): Action<ArcOp> => ({
  does: { op: 'apply', ...missing },
  description: `set ${shown(missing)} in the running kernel; the cache shrinks to it in time`,
  risk: 'safe',
  changes: pairs(missing).map(([limit, to]) => ({ path: `live ${limit}`, from: live[limit], to })),
  undo: {
    by: { op: 'apply', ...Object.fromEntries(pairs(missing).map(([limit]) => [limit, live[limit]])) },
  },
});

/** The file that says it now, or else our own: a second line elsewhere would only win by its place. */
const fileFor = (limit: Limit, { boot, files }: Actual): string => {
  const file = boot[limit]?.file;
  return file !== undefined && file in files ? file : OWN_PATH;
};

const HEAD = '# managed by phoenix: ZfsArcMax[system]\n';

const put = (text: string, limit: Limit, value: number): string =>
  valuesIn(text, limit).length > 0
    ? withValue(text, limit, value)
    : `${text === '' ? HEAD : text.replace(/([^\n])$/, '$1\n')}options zfs ${PARAMETERS[limit]}=${value}\n`;

/** New texts by path. */
const texts = (missing: Missing, actual: Actual): ReadonlyMap<string, string> => {
  const changed = new Map<string, string>();
  for (const [limit, value] of pairs(missing)) {
    const path = fileFor(limit, actual);
    changed.set(path, put(changed.get(path) ?? actual.files[path] ?? '', limit, value));
  }
  return changed;
};

const nameOf = (path: string): string => path.slice(FOLDER.length + 1);

const undoOf = (path: string, old: string | undefined): Undo<ArcOp> => ({
  by:
    old === undefined ? { op: 'remove', name: nameOf(path) } : { op: 'write', name: nameOf(path), text: old },
});

const persist = (missing: Missing, actual: Actual): Action<ArcOp>[] =>
  [...texts(missing, actual)].map(([path, text]) => ({
    does: { op: 'write', name: nameOf(path), text },
    description:
      `set ${shown(missing)} for the next load of the module, in ${path}` +
      (actual.live === undefined ? '; the module zfs is not loaded, so nothing is in effect now' : ''),
    risk: 'safe',
    changes: [{ path, from: actual.files[path] ?? '', to: text, as: 'text' }],
    undo: undoOf(path, actual.files[path]),
    ...(actual.inInitramfs ? { owes: INITRAMFS_DEBTS } : {}),
  }));

const refusal = (refuses: string, changes: readonly Change[]): Refusal => ({ refuses, changes });

/** Values that the module would ignore without a word. */
const refuseValues = (max: number, min: number | undefined, memory: number): Refusal[] => {
  const change = [{ path: 'max', from: null, to: max }];
  if (max >= memory)
    return [
      refusal(
        `max is ${showBytes(max)}, and this host has ${showBytes(memory)} of memory: zfs would ignore it; declare less`,
        change,
      ),
    ];
  if (max <= LEAST.max)
    return [
      refusal(`max is ${showBytes(max)}, and zfs ignores what is not above 64 MiB; declare more`, change),
    ];
  if (min !== undefined && (min >= max || min < LEAST.min))
    return [
      refusal(
        `min is ${showBytes(min)}: zfs ignores what is below 32 MiB, or not below max (${showBytes(max)}); declare another`,
        [{ path: 'min', from: null, to: min }],
      ),
    ];
  return [];
};

/** What the boot reads after our file, and we do not write. */
const isForeign = (found: Assigned | undefined, { files }: Actual): found is Assigned =>
  found !== undefined &&
  !(found.file in files) &&
  (found.file === '/proc/cmdline' || found.file.slice(found.file.lastIndexOf('/') + 1) > OWN);

const refuseForeign = (missing: Missing, actual: Actual): Refusal[] =>
  pairs(missing).flatMap(([limit, to]) => {
    const found = actual.boot[limit];
    return isForeign(found, actual)
      ? [
          refusal(
            `${found.file} sets ${PARAMETERS[limit]} to ${found.value} after every file of ours; ` +
              (found.file === '/proc/cmdline'
                ? `take zfs.${PARAMETERS[limit]} off the kernel's command line`
                : `mask it with a file of the same name in ${FOLDER}`),
            [{ path: `${PARAMETERS[limit]} at boot`, from: found.value, to }],
          ),
        ]
      : [];
  });

const remarks = (max: number, memory: number): Finding<ArcOp>[] =>
  max > memory / 2
    ? [
        {
          remarks: `the cache may take ${showBytes(max)} of ${showBytes(memory)}, more than half of the memory, which guests may need`,
        },
      ]
    : [];

export const diff = (want: Desired, reading: Known<Actual>): Finding<ArcOp>[] => {
  if (reading.is === 'absent') return [];
  const actual = reading.value;
  const max = bytesOf(want.max, actual.memory);
  const min = want.min === undefined ? undefined : bytesOf(want.min, actual.memory);
  const [live, boot] = [missingLive(want, actual), missingAtBoot(want, actual)];
  const refused = [...refuseValues(max, min, actual.memory), ...refuseForeign(boot, actual)];
  if (refused.length > 0) return refused;
  return [
    ...(isEmpty(live) || actual.live === undefined ? [] : [apply(live, actual.live)]),
    ...(isEmpty(boot) ? [] : persist(boot, actual)),
    ...remarks(max, actual.memory),
  ];
};
