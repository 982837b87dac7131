import type { Action, Finding, Refusal } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { isProtected } from '../../facts/apt/protected.ts';
import { compareVersions } from '../../facts/debian-version.ts';
import type { Kernels, Upgrade, Upgrades } from './facts.ts';
import { isKernel, type Desired, type UpgradeOp } from './schema.ts';

export interface Actual extends Upgrades {
  readonly mixed?: string;
  readonly kernels?: Kernels;
}

const NOTHING: Actual = { upgrades: [], removes: [] };

const namesOf = (all: readonly { readonly name: string }[]): string => {
  const names = all.map(({ name }) => name);
  return names.length > 5 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ');
};

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

const changesOf = (picked: readonly Upgrade[], removes: readonly string[]): Refusal['changes'] => [
  ...picked.map(({ name, from, to }) => ({ path: name, from, to })),
  ...removes.map((name) => ({ path: name, from: 'installed', to: 'removed' })),
];

const upgrade = (
  want: Desired,
  picked: readonly Upgrade[],
  removes: readonly string[],
): Action<UpgradeOp> => ({
  does: {
    op: 'upgrade',
    packages: picked.map(({ name, to }) => ({ name, version: to })),
    removes: [...removes],
    kernel: want.kernel,
    except: [...want.except],
  },
  description:
    `upgrade ${count(picked.length, 'package')} (${namesOf(picked)})` +
    (removes.length === 0 ? '' : `, which removes ${removes.join(', ')}`),
  risk: 'disruptive',
  changes: changesOf(picked, removes),
  undo: { none: 'Debian packages do not support going back' },
});

const refusalOf = (
  found: Actual,
  picked: readonly Upgrade[],
  removes: readonly string[],
): Refusal | undefined => {
  const changes = changesOf(picked, removes);
  if (found.mixed !== undefined)
    return { refuses: `packages of two releases would mix: ${found.mixed}; correct the source`, changes };
  const vital = removes.find(isProtected);
  return vital === undefined
    ? undefined
    : {
        refuses: `the upgrade would remove ${vital}, without which this host may not boot or not be reached; look at \`apt-get -s full-upgrade\``,
        changes,
      };
};

const remarksOn = ({ kernels }: Actual, kept: readonly Upgrade[]): Finding<UpgradeOp>[] => [
  ...(kept.length === 0
    ? []
    : [
        {
          remarks: `held back: ${namesOf(kept)}; \`kernel: true\` upgrades kernels, and \`except\` names the others`,
        },
      ]),
  ...(kernels === undefined || compareVersions(kernels.newest, kernels.running) <= 0
    ? []
    : [
        {
          remarks: `kernel ${kernels.running} runs, and ${kernels.newest} is installed: the next boot takes it`,
        },
      ]),
];

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<UpgradeOp>[] => {
  const found = actual.is === 'present' ? actual.value : NOTHING;
  const wanted = found.upgrades.filter(({ security }) => want.level === 'full' || security);
  const isKept = ({ name }: Upgrade): boolean =>
    want.except.includes(name) || (isKernel(name) && !want.kernel);
  const picked = wanted.filter((one) => !isKept(one));
  const remarks = remarksOn(found, wanted.filter(isKept));
  if (picked.length === 0) return remarks;
  const removes = want.level === 'full' ? found.removes : [];
  const refusal = refusalOf(found, picked, removes);
  return [refusal ?? upgrade(want, picked, removes), ...remarks];
};
