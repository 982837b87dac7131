import type { Action, Change, Finding, Refusal } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import type { Found, Manager } from './manager.ts';
import { normal, parse, PATH, render, type Settings } from './resolv-conf.ts';
import type { Desired, ResolverOp } from './schema.ts';

export type Actual = Found;

const PROPERTIES = ['nameservers', 'search', 'options'] as const;

const shown = (all: readonly string[] | undefined): string => (all ?? []).join(' ') || 'none';

const changesOf = (want: Settings, found: Settings | undefined): Change[] =>
  PROPERTIES.filter((name) => shown(want[name]) !== shown(found?.[name])).map((name) => ({
    path: name,
    from: shown(found?.[name]),
    to: shown(want[name]),
  }));

const PRIVATE = /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|f[cd]|fe80:|::1$)/;

/** Said when it changes, not in each run: it may be meant. */
const mixture = ({ nameservers }: Settings): Finding<ResolverOp>[] => {
  const own = nameservers.filter((address) => PRIVATE.test(address));
  const others = nameservers.filter((address) => !PRIVATE.test(address));
  return own.length === 0 || others.length === 0
    ? []
    : [
        {
          remarks: `while ${own.join(', ')} does not answer, internal names are asked of ${others.join(', ')}, which may learn them and deny them`,
        },
      ];
};

const write = (want: Desired, settings: Settings, found: Found): Action<ResolverOp> => ({
  does: {
    op: 'write',
    text: render(settings),
    nameservers: [...settings.nameservers],
    ...(want.probe === undefined ? {} : { probe: want.probe }),
    replacesLink: found.deadLink !== undefined,
  },
  description:
    `resolve names by ${settings.nameservers.join(', ')}, after they have answered` +
    (found.deadLink === undefined ? '' : `; replaces the symlink to ${found.deadLink}, which is not there`),
  risk: found.text === undefined ? 'safe' : 'disruptive',
  changes: changesOf(settings, found.text === undefined ? undefined : parse(found.text)),
  undo:
    found.text === undefined
      ? { none: `${PATH} was not there` }
      : {
          by: {
            op: 'write',
            text: found.text,
            nameservers: [...parse(found.text).nameservers],
            replacesLink: false,
          },
        },
});

const refuseManaged = ({ name, instead }: Manager, changes: readonly Change[]): Refusal => ({
  refuses: `${PATH} is kept by ${name}, which would write over it; ${instead}, or remove ${name} and the file`,
  changes,
});

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<ResolverOp>[] => {
  const found = actual.is === 'present' ? actual.value : {};
  const settings = normal(want);
  const changes = changesOf(settings, found.text === undefined ? undefined : parse(found.text));
  if (changes.length === 0) return [];
  if (found.manager !== undefined) return [refuseManaged(found.manager, changes)];
  return [write(want, settings, found), ...mixture(settings)];
};
