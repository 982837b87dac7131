import { isAction, type Action, type Finding } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { INITRAMFS_DEBTS } from '../../facts/initramfs.ts';
import { judgeGpus } from '../../facts/nvidia-gpus.ts';
import { diffOwnFile } from '../../facts/own-file.ts';
import { builtVersion, diffPackages, removePackages } from './diff-packages.ts';
import { diffRunfile, isInstalled, uninstallRunfile } from './diff-runfile.ts';
import { effectOf } from './effect.ts';
import { BLACKLIST, BLACKLIST_TEXT } from './files.ts';
import { refuse } from './refuse.ts';
import type { Actual, Desired, Next, NvidiaOp } from './schema.ts';

const blacklist = (text: string | undefined, { blacklist: found }: Actual): Finding<NvidiaOp>[] =>
  diffOwnFile({ path: BLACKLIST, text, risk: 'safe', owes: INITRAMFS_DEBTS }, found);

const build = (next: Next): Action<NvidiaOp> => ({
  does: { op: 'build', kernel: next.version },
  description: `have DKMS build the driver for ${next.version}, the kernel that boots next, unless that was done meanwhile`,
  risk: 'safe',
  changes: [{ path: `driver for ${next.version}`, from: next.modules.join(', ') || null, to: 'built' }],
  undo: { none: 'a module that is built and not loaded changes nothing; `dkms uninstall` takes it away' },
});

/** What brings the modules to be built, and whether DKMS is to build them afterwards: the installer does it itself. */
const sourceOf = (want: Desired, actual: Actual, next: Next) => {
  if (want.source === 'runfile')
    return { findings: diffRunfile(want, actual, next), builds: isInstalled(want, actual) };
  const findings = diffPackages(want, actual, next);
  return { findings, builds: true };
};

const diffPresent = (want: Desired, actual: Actual, next: Next): Finding<NvidiaOp>[] => {
  const { findings, builds } = sourceOf(want, actual, next);
  const isBuilt = !findings.some(isAction) && builtVersion(want, actual, next) !== undefined;
  const changes = [
    ...blacklist(BLACKLIST_TEXT, actual),
    ...findings,
    ...(isBuilt || !builds ? [] : [build(next)]),
  ];
  return [...changes, ...effectOf(want, actual, next, changes.length > 0)];
};

const diffAbsent = (want: Desired, actual: Actual): Finding<NvidiaOp>[] => {
  const changes = [
    ...(want.source === 'package' ? removePackages(want, actual) : uninstallRunfile(actual)),
    ...blacklist(undefined, actual),
  ];
  if (changes.length > 0 || actual.loaded === undefined) return changes;
  const since = new Date(actual.next?.written ?? 0).toISOString();
  return [
    { awaits: 'reboot', brings: `the NVIDIA driver ${actual.loaded.version} is no longer loaded`, since },
  ];
};

export const diff = (want: Desired, reading: Known<Actual>): Finding<NvidiaOp>[] => {
  if (reading.is === 'absent') return [];
  const actual = reading.value;
  if (want.ensure === 'absent') return diffAbsent(want, actual);
  const verdict = judgeGpus(want, actual.gpus);
  if (verdict === 'leave alone') return [];
  if (verdict !== 'go on') return [...verdict];
  const { next } = actual;
  const refused = refuse(want, actual);
  return refused.length > 0 || next === undefined ? refused : diffPresent(want, actual, next);
};
