import type { Action, Finding } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { compareVersions } from '../../facts/debian-version.ts';
import { isProtected } from '../../facts/apt/protected.ts';
import type { Actual, AptOp, Desired, InstallOp } from './schema.ts';

const installOp = (want: Desired, how: InstallOp['how'], held: boolean): InstallOp => ({
  op: 'install',
  name: want.name,
  ...(want.version === undefined ? {} : { version: want.version }),
  how,
  held,
  recommends: want.installRecommends,
});

const install = (want: Desired): Action<AptOp> => ({
  does: installOp(want, 'new', false),
  description: want.version === undefined ? `install ${want.name}` : `install ${want.name} ${want.version}`,
  risk: 'safe',
  changes: [{ path: 'version', from: null, to: want.version ?? 'the newest' }],
  undo: { by: { op: 'remove', name: want.name } },
});

const reinstall = (want: Desired, found: Actual): Action<AptOp> => ({
  does: installOp(want, 'reinstall', found.held),
  description: `reinstall ${want.name}, which dpkg left half-installed`,
  risk: 'disruptive',
  changes: [{ path: 'state', from: 'half-installed', to: 'installed' }],
  undo: { none: 'a half-installed package is nothing to go back to' },
});

const configure = (want: Desired): Action<AptOp> => ({
  does: { op: 'configure', name: want.name },
  description: `finish configuring ${want.name}, and every other package that dpkg left unconfigured`,
  risk: 'disruptive',
  changes: [{ path: 'state', from: 'unconfigured', to: 'installed' }],
  undo: { none: 'an unconfigured package is nothing to go back to' },
});

const keeping = (found: Actual): string =>
  found.edited.length === 0
    ? ''
    : `, keeping the local changes in ${found.edited.join(', ')} (a new default is put beside as .dpkg-dist)`;

const keptChanges = (found: Actual) =>
  found.edited.map((path) => ({ path: `conffile ${path}`, from: 'changed locally', to: 'kept as it is' }));

const changeVersion = (want: Desired, found: Actual, version: string): Finding<AptOp> => {
  const changes = [{ path: 'version', from: found.version, to: version }];
  const down = compareVersions(version, found.version) < 0;
  if (down && !want.allowDowngrade)
    return {
      refuses: `${want.name} ${found.version} is installed, newer than the declared ${version}; declare ${found.version}, or set \`allowDowngrade: true\``,
      changes,
    };
  const how = down ? 'downgrade' : 'upgrade';
  return {
    does: installOp(want, how, found.held),
    description: `${how} ${want.name} from ${found.version} to ${version}${keeping(found)}`,
    risk: 'disruptive',
    changes: [...changes, ...keptChanges(found)],
    undo: {
      none: `Debian packages do not support going back; declare version ${found.version}, with \`allowDowngrade: true\` if it is the older one`,
    },
  };
};

/** The hold is of somebody who did not want this package to change. */
const foreignHold = (want: Desired, found: Actual, wanted: string): Finding<AptOp> => ({
  refuses:
    `${want.name} ${found.version} is held (apt-mark showhold) and would change; ` +
    (want.ensure === 'present' ? 'declare `hold`, or run' : 'run') +
    ` \`apt-mark unhold ${want.name}\``,
  changes: [{ path: want.ensure === 'present' ? 'version' : 'ensure', from: found.version, to: wanted }],
});

const diffState = (want: Desired, found: Actual | undefined): Finding<AptOp>[] => {
  if (found === undefined || found.state === 'config-files') return [install(want)];
  if (found.state === 'broken') return [reinstall(want, found)];
  if (want.version !== undefined && want.version !== found.version)
    return found.held && want.hold === undefined
      ? [foreignHold(want, found, want.version)]
      : [changeVersion(want, found, want.version)];
  return found.state === 'unconfigured' ? [configure(want)] : [];
};

const diffHold = (want: Desired, found: Actual | undefined): Action<AptOp>[] => {
  const held = found?.held ?? false;
  if (want.hold === undefined || want.hold === held) return [];
  const [does, back] = want.hold ? (['hold', 'unhold'] as const) : (['unhold', 'hold'] as const);
  return [
    {
      does: { op: does, name: want.name },
      description: want.hold ? `hold ${want.name} back from upgrades` : `let ${want.name} be upgraded again`,
      risk: 'safe',
      changes: [{ path: 'hold', from: held, to: want.hold }],
      undo: { by: { op: back, name: want.name } },
    },
  ];
};

const remove = (want: Desired, found: Actual): Action<AptOp> => ({
  does: { op: 'remove', name: want.name },
  description: `remove ${want.name} ${found.version}, keeping its configuration files`,
  risk: 'disruptive',
  changes: [{ path: 'ensure', from: found.version, to: 'absent' }],
  undo: {
    by: {
      op: 'install',
      name: want.name,
      version: found.version,
      how: 'new',
      held: false,
      recommends: false,
    },
  },
});

const purge = (want: Desired, found: Actual): Action<AptOp> => ({
  does: { op: 'purge', name: want.name },
  description:
    `purge ${want.name} ${found.version} with its configuration files` +
    (found.edited.length === 0 ? '' : `, losing the local changes in ${found.edited.join(', ')}`),
  risk: 'destructive',
  changes: [{ path: 'ensure', from: found.state, to: 'purged' }],
  undo: { none: 'configuration files and data that a purge deletes are gone' },
});

const diffRemoval = (want: Desired, found: Actual | undefined): Finding<AptOp>[] => {
  if (found === undefined) return [];
  const removed = found.state === 'config-files';
  if (removed && want.ensure === 'absent') return [];
  if (!removed && isProtected(want.name))
    return [
      {
        refuses: `${want.name} is protected: without it this host may not boot or not be reached; remove it by hand if you must`,
        changes: [{ path: 'ensure', from: found.version, to: want.ensure }],
      },
    ];
  if (!removed && found.held) return [foreignHold(want, found, want.ensure)];
  return [want.ensure === 'purged' ? purge(want, found) : remove(want, found)];
};

export const diff = (want: Desired, actual: Known<Actual>): Finding<AptOp>[] => {
  const found = actual.is === 'present' ? actual.value : undefined;
  if (want.ensure !== 'present') return diffRemoval(want, found);
  return [...diffState(want, found), ...diffHold(want, found)];
};
