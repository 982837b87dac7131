import type { Finding } from '../../engine/action.ts';
import { octal, type Actual, type HomeDirectory } from './facts.ts';
import type { Desired, UserOp } from './schema.ts';

/** A home that is neither root's nor its user's: sshd (StrictModes) ignores the keys in it, and somebody else reads it. */
const refuseOwner = (want: Desired, found: Actual, path: string, home: HomeDirectory): Finding<UserOp> => ({
  refuses: `${path} belongs to uid ${home.uid}, not to ${want.name} (uid ${found.uid}); look at what it holds, then chown it`,
  changes: [{ path: 'home owner', from: home.uid, to: found.uid }],
});

const diffMode = (
  want: Desired,
  found: Actual,
  path: string,
  home: HomeDirectory,
): readonly Finding<UserOp>[] => {
  if (want.homeMode === undefined) return [];
  const mode = octal(Number.parseInt(want.homeMode, 8));
  if (mode === home.mode) return [];
  const changes = [{ path: 'homeMode', from: home.mode, to: mode }];
  // a home may be `/`, /tmp or another directory of the system
  if (home.uid !== found.uid)
    return [
      {
        refuses: `the mode of ${path} is not changed, because it belongs to uid ${home.uid}, not to ${want.name} (uid ${found.uid}); declare another home, or no homeMode`,
        changes,
      },
    ];
  return [
    {
      does: { op: 'home-mode', path, mode },
      description: `set the mode of ${path} to ${mode}`,
      risk: 'disruptive',
      changes,
      undo: { by: { op: 'home-mode', path, mode: home.mode } },
    },
  ];
};

const makeHome = (want: Desired, path: string): Finding<UserOp> => ({
  does: { op: 'make-home', name: want.name, path, mode: want.homeMode ?? '0700' },
  description: `make the missing home ${path} of ${want.name}, empty`,
  risk: 'safe',
  changes: [{ path: 'home directory', from: null, to: path }],
  undo: { none: 'the user may have put something into it' },
});

const isHuman = (uid: number): boolean => uid >= 1000 && uid < 60_000;

export const diffHome = (want: Desired, found: Actual): readonly Finding<UserOp>[] => {
  const path = want.home ?? found.home;
  const home = found.homeDirectory;
  const makes = want.createHome ?? (!want.system && isHuman(found.uid));
  // a home that is declared elsewhere and is not there is refused with the field itself
  if (home === null) return makes && path === found.home ? [makeHome(want, path)] : [];
  if (home.type !== 'directory') return [];
  if (makes && home.uid !== found.uid && home.uid !== 0) return [refuseOwner(want, found, path, home)];
  return diffMode(want, found, path, home);
};
