import type { Action } from '../../engine/action.ts';
import { headers } from './diff-packages.ts';
import { runfileOf } from './files.ts';
import type { Actual, Desired, Next, NvidiaOp } from './schema.ts';

/** By NVIDIA's installer, in the version that is declared; its modules are another matter. */
export const isInstalled = ({ version = '' }: Desired, { byInstaller, userspace }: Actual): boolean =>
  byInstaller && userspace.includes(version);

const fetch = (from: string, sha256: string): Action<NvidiaOp> => ({
  does: { op: 'fetch', from, sha256 },
  description: `fetch ${from}, and see that it is what it must be`,
  risk: 'safe',
  changes: [{ path: runfileOf(sha256), from: null, to: from }],
  undo: { none: 'what is fetched and not run changes nothing; it may be removed' },
});

const run = (want: Desired, actual: Actual, next: Next, sha256: string): Action<NvidiaOp> => {
  const { version = '' } = want;
  const tryFirst = actual.byInstaller && next.modules.length > 0;
  return {
    does: {
      op: 'run-installer',
      sha256,
      kernel: next.version,
      ...(want.modules === undefined ? {} : { modules: want.modules }),
      tryFirst,
    },
    description: `run the installer of ${version} for ${next.version}${tryFirst ? ', once it was built for it beside the old one' : ''}`,
    risk: 'disruptive',
    changes: [
      { path: 'driver', from: actual.userspace.join(', ') || null, to: version },
      { path: `driver for ${next.version}`, from: next.modules.join(', ') || null, to: version },
    ],
    undo: actual.byInstaller
      ? { none: 'the installer takes the old driver away; declare the version of before' }
      : { by: { op: 'run-uninstaller' } },
  };
};

/** The installer does not begin while nouveau has the cards. */
export const diffRunfile = (want: Desired, actual: Actual, next: Next): Action<NvidiaOp>[] => {
  const { sha256 = '', path = '', url = path } = want;
  if (isInstalled(want, actual)) return headers(actual);
  return [
    ...headers(actual),
    ...(actual.fetched ? [] : [fetch(url, sha256)]),
    ...(actual.nouveau ? [] : [run(want, actual, next, sha256)]),
  ];
};

export const uninstallRunfile = ({ byInstaller, userspace }: Actual): Action<NvidiaOp>[] =>
  byInstaller
    ? [
        {
          does: { op: 'run-uninstaller' },
          description: "run NVIDIA's own uninstaller; what is loaded stays until the next boot",
          risk: 'disruptive',
          changes: [{ path: 'driver', from: userspace.join(', ') || 'installed', to: null }],
          undo: { none: 'declare it again: the installer that was fetched is still there' },
        },
      ]
    : [];
