import type { Action, Change, Finding } from '../../engine/action.ts';
import type { Actual, Desired, Next, NvidiaOp, Package, Target } from './schema.ts';
import { fits, patternOf, upstreamOf } from './versions.ts';

const isThere = (found: Package | undefined): found is Package =>
  found?.state === 'installed' || found?.state === 'unconfigured';

const isRight = ({ version }: Desired, found: Package | undefined): boolean =>
  found?.state === 'installed' && fits(version, found.version);

/** The one with the modules' source; its version is that of the modules. */
const sourceOf = (want: Desired): string | undefined => want.packages.find((name) => name.includes('dkms'));

/** The driver that is wanted, as it stands ready for the kernel that boots next; undefined if it does not. */
export const builtVersion = (want: Desired, { packages }: Actual, { modules }: Next): string | undefined => {
  if (want.source === 'runfile') return modules.find((one) => one === want.version);
  const source = packages[sourceOf(want) ?? ''];
  const expected = source === undefined ? modules[0] : upstreamOf(source.version);
  return modules.find((version) => version === expected);
};

const install = (
  packages: readonly Target[],
  more: Pick<Action<NvidiaOp>, 'description' | 'risk' | 'changes' | 'undo'> & { tryFor?: string },
): Action<NvidiaOp> => {
  const { tryFor, ...rest } = more;
  return {
    does: {
      op: 'install',
      packages: [...packages],
      reinstall: false,
      ...(tryFor === undefined ? {} : { tryFor }),
    },
    ...rest,
  };
};

export const headers = ({ headers: names }: Actual): Action<NvidiaOp>[] =>
  names.length === 0
    ? []
    : [
        install(
          names.map((name) => ({ name })),
          {
            description: `install ${names.join(', ')}: modules are built against them, now and for kernels to come`,
            risk: 'safe',
            changes: names.map((name) => ({ path: name, from: null, to: 'the newest' })),
            undo: { by: { op: 'uninstall', packages: [...names] } },
          },
        ),
      ];

const targetOf = ({ version }: Desired, name: string): Target => ({
  name,
  ...(version === undefined ? {} : { version: patternOf(version) }),
});

const changesOf = (want: Desired, { packages }: Actual, names: readonly string[]): Change[] =>
  names.map((name) => {
    const found = packages[name];
    return { path: name, from: isThere(found) ? found.version : null, to: want.version ?? 'the newest' };
  });

const refuseHold = (want: Desired, actual: Actual, names: readonly string[]): Finding<NvidiaOp> => ({
  refuses: `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} held (apt-mark showhold) and would change; run \`apt-mark unhold ${names.join(' ')}\`, or declare the version that is installed`,
  changes: changesOf(want, actual, names),
});

const undoOf = (old: readonly string[], names: readonly string[]): Action<NvidiaOp>['undo'] =>
  old.length === 0
    ? { by: { op: 'uninstall', packages: [...names] } }
    : { none: 'Debian packages do not support going back; declare the version that was installed' };

const driver = (want: Desired, actual: Actual, next: Next): Finding<NvidiaOp>[] => {
  const names = want.packages.filter((name) => !isRight(want, actual.packages[name]));
  if (names.length === 0) return [];
  const old = names.filter((name) => isThere(actual.packages[name]));
  const held = names.filter((name) => actual.packages[name]?.held);
  if (held.length > 0) return [refuseHold(want, actual, held)];
  const works = next.modules.length > 0 && old.includes(sourceOf(want) ?? '');
  return [
    install(
      names.map((name) => targetOf(want, name)),
      {
        description: `${old.length === 0 ? 'install' : 'change'} ${names.join(', ')}${want.version === undefined ? '' : ` to ${want.version}`}${works ? `, once it was built for ${next.version} beside the old one` : ''}`,
        risk: 'disruptive',
        changes: changesOf(want, actual, names),
        undo: undoOf(old, names),
        ...(works ? { tryFor: next.version } : {}),
      },
    ),
  ];
};

export const diffPackages = (want: Desired, actual: Actual, next: Next): Finding<NvidiaOp>[] => [
  ...headers(actual),
  ...driver(want, actual, next),
];

export const removePackages = (want: Desired, { packages }: Actual): Action<NvidiaOp>[] => {
  const back = want.packages.flatMap((name) => {
    const found = packages[name];
    return isThere(found) ? [{ name, version: found.version }] : [];
  });
  if (back.length === 0) return [];
  const names = back.map(({ name }) => name);
  return [
    {
      does: { op: 'uninstall', packages: names },
      description: `remove ${names.join(', ')}; what is loaded stays until the next boot`,
      risk: 'disruptive',
      changes: back.map(({ name, version }) => ({ path: name, from: version, to: null })),
      undo: { by: { op: 'install', packages: back, reinstall: false } },
    },
  ];
};
