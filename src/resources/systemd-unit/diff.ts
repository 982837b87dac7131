import { isAction, type Finding } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { owesFor, planFiles, removeFiles, writeFiles } from './diff-files.ts';
import { afterFiles, beforeFiles, daemonReload, disable, stop } from './diff-state.ts';
import { FOLDER } from './files.ts';
import type { Actual } from './read.ts';
import type { Desired, UnitOp } from './schema.ts';
import { isDisabled, isMasked, isRunning } from './states.ts';

const refuseMask = (want: Desired): Finding<UnitOp> => ({
  refuses:
    `${want.name} cannot be masked: its unit file is in ${FOLDER}, where the mask would be; ` +
    'remove it first, with `ensure: absent` if it is ours',
  changes: [{ path: 'enabled', from: '', to: 'masked' }],
});

const refuseUnmask = (want: Desired, fragment: string): Finding<UnitOp> => ({
  refuses: `${want.name} is masked by its package (${fragment}) and cannot be unmasked; use the unit that replaces it`,
  changes: [{ path: 'enabled', from: 'masked', to: 'unmasked' }],
});

const maskOfPackage = ({ state }: Actual): string | undefined =>
  state && isMasked(state) && /^(\/usr)?\/lib\//.test(state.fragment) ? state.fragment : undefined;

const refusals = (want: Desired, actual: Actual | undefined): Finding<UnitOp>[] => {
  if (actual === undefined || want.enabled === undefined) return [];
  if (want.enabled === 'masked') return actual.files[want.name]?.type === 'file' ? [refuseMask(want)] : [];
  const mask = maskOfPackage(actual);
  return mask === undefined ? [] : [refuseUnmask(want, mask)];
};

const ON_FILE_NAMES: ReadonlySet<string> = new Set(['enable', 'disable', 'mask', 'unmask']);

/** systemctl refuses to operate on alias names (systemd 252). */
const refuseAlias = (
  want: Desired,
  id: string | undefined,
  findings: Finding<UnitOp>[],
): Finding<UnitOp>[] => {
  if (!id || id === want.name) return findings;
  const barred = findings.filter(isAction).filter(({ does }) => ON_FILE_NAMES.has(does.op));
  return barred.length === 0
    ? findings
    : [
        {
          refuses: `${want.name} is an alias of ${id}, and cannot be enabled, disabled or masked by that name; declare ${id}`,
          changes: barred.flatMap(({ changes }) => changes),
        },
      ];
};

const diffPresent = (want: Desired, actual: Actual | undefined): Finding<UnitOp>[] => {
  const state = actual?.state;
  const files = planFiles(want, actual);
  const refused = [...refusals(want, actual), ...files.refusals];
  if (refused.length > 0) return refused;
  const write = writeFiles(want, actual, files);
  return refuseAlias(want, state?.id, [
    ...beforeFiles(want, state),
    ...write,
    ...reloadAfter(want, actual, write.length > 0),
    ...afterFiles(want, state, files.changed.includes(want.name)),
  ]);
};

/** What was changed without telling systemd, by hand or by a run that was cut off, owes a restart as well. */
const reloadAfter = (want: Desired, actual: Actual | undefined, wrote: boolean): Finding<UnitOp>[] => {
  if (wrote) return [daemonReload([])];
  if (!actual?.state?.needsReload) return [];
  const owes = Object.keys(actual.files).length > 0 ? owesFor(want, actual) : {};
  return [{ ...daemonReload([{ path: 'NeedDaemonReload', from: 'yes', to: 'no' }]), ...owes }];
};

const refuseForeign = (want: Desired): Finding<UnitOp> => ({
  refuses: `${FOLDER}/${want.name} was not written by phoenix: its first line is another; remove it by hand`,
  changes: [{ path: want.name, from: 'file', to: null }],
});

const diffAbsent = (want: Desired, actual: Actual): Finding<UnitOp>[] => {
  const { files, state } = actual;
  const own = files[want.name];
  if (own?.type === 'file' && !own.ours) return [refuseForeign(want)];
  if (!Object.values(files).some(({ ours }) => ours)) return [];
  const whole = own?.ours === true;
  return [
    ...(whole && isRunning(state) ? [stop(want.name, state)] : []),
    ...(whole && !isDisabled(state) ? [disable(want.name, state)] : []),
    removeFiles(want, actual, whole ? {} : owesFor(want, actual)),
    daemonReload([]),
  ];
};

export const diff = (want: Desired, actual: Known<Actual>): Finding<UnitOp>[] => {
  const found = actual.is === 'present' ? actual.value : undefined;
  if (want.ensure === 'present') return diffPresent(want, found);
  return found === undefined ? [] : diffAbsent(want, found);
};
