import type { Action, Finding, Refusal } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { normalUri, type SourceEntry } from '../../facts/apt/sources.ts';
import { releaseOf } from '../../facts/debian-release.ts';
import { diffOwnFile, type OwnFile } from '../../facts/own-file.ts';
import { render } from './render.ts';
import { keyringOf, pathOf, type Desired, type SourceOp } from './schema.ts';

export interface Actual {
  readonly file?: OwnFile;
  /** Enabled entries in other files. */
  readonly others: readonly SourceEntry[];
  /** Of the host. */
  readonly codename?: string;
  /** What of this source apt has never fetched. */
  readonly unfetched: readonly string[];
}

const NOTHING: Actual = { others: [], unfetched: [] };

const change = (want: Desired): Refusal['changes'] => [
  { path: pathOf(want.name), from: null, to: render(want) },
];

const otherRelease = (want: Desired, { codename }: Actual): Refusal | undefined => {
  if (want.otherRelease || codename === undefined) return undefined;
  for (const uri of want.uris)
    for (const suite of want.suites) {
      const release = releaseOf(uri, suite);
      if (release !== undefined && release !== codename)
        return {
          refuses:
            `${suite} is not of this host's release, ${codename}: packages of two releases would mix; ` +
            `name ${codename}, or say \`otherRelease: true\` if the archive has nothing else`,
          changes: change(want),
        };
    }
  return undefined;
};

const overlaps = (want: Desired, other: SourceEntry): boolean =>
  want.suites.includes(other.suite) &&
  want.uris.some((uri) => normalUri(uri) === other.uri) &&
  other.types.some((type) => (want.types as readonly string[]).includes(type));

/** Two keys for one archive make every apt command fail; the same twice is only a warning. */
const twice = (want: Desired, { others }: Actual): Finding<SourceOp>[] => {
  const same = others.filter((other) => overlaps(want, other));
  const clash = same.find(({ signedBy }) => signedBy !== undefined && signedBy !== keyringOf(want));
  if (clash !== undefined)
    return [
      {
        refuses:
          `${clash.file}, line ${clash.line}, has ${clash.uri} ${clash.suite} with another key (${String(clash.signedBy)}), ` +
          'with which apt would refuse to work at all; take it out there, or manage that file under its own name',
        changes: change(want),
      },
    ];
  const shared = same.find(({ components }) =>
    want.components.length === 0 ? true : components.some((one) => want.components.includes(one)),
  );
  return shared === undefined
    ? []
    : [
        {
          remarks: `${shared.file}, line ${shared.line}, has ${shared.uri} ${shared.suite}, too; take it out there`,
        },
      ];
};

const fetch = (want: Desired, { unfetched }: Actual): Action<SourceOp> => ({
  does: { op: 'fetch', path: pathOf(want.name) },
  description: `fetch the package lists of ${want.name}`,
  risk: 'safe',
  changes: [{ path: 'lists', from: `without ${unfetched.join(', ')}`, to: 'fetched' }],
  undo: { none: 'lists that are there do no harm' },
});

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<SourceOp>[] => {
  const found = actual.is === 'present' ? actual.value : NOTHING;
  const present = want.ensure === 'present';
  const refusal = present && want.enabled ? otherRelease(want, found) : undefined;
  if (refusal !== undefined) return [refusal];
  const text = present ? render(want) : undefined;
  const file = diffOwnFile({ path: pathOf(want.name), text, risk: 'safe' }, found.file);
  if (!present || !want.enabled) return file;
  const fetching = file.length === 0 && found.unfetched.length > 0 ? [fetch(want, found)] : [];
  return [...file, ...fetching, ...twice(want, found)];
};
