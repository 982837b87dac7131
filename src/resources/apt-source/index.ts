import type { z } from 'zod';
import { absent, present, readEach } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import { unfetched } from '../../facts/apt/lists.ts';
import {
  entriesIn,
  KEYRINGS,
  normalUri,
  readAptSources,
  type AptSources,
  type SourceEntry,
} from '../../facts/apt/sources.ts';
import { codenameOf } from '../../facts/debian-release.ts';
import { readOwnFile } from '../../facts/own-file.ts';
import { parentRefs } from '../../facts/paths.ts';
import type { HostReader } from '../../host/host.ts';
import { converge } from './converge.ts';
import { diff, type Actual } from './diff.ts';
import { desired, keyringOf, ops, pathOf, type Desired } from './schema.ts';

const actualOf = (host: HostReader, want: Desired, { entries }: AptSources): Actual => {
  const path = pathOf(want.name);
  const file = readOwnFile(host, path);
  const codename = codenameOf(host);
  const own = entriesIn(path, file?.text ?? '').filter(({ enabled }) => enabled);
  return {
    ...(file === undefined ? {} : { file }),
    others: entries.filter(
      (entry) =>
        entry.file !== path && entry.enabled && want.uris.some((uri) => normalUri(uri) === entry.uri),
    ),
    ...(codename === undefined ? {} : { codename }),
    unfetched: unfetched(host, own),
  };
};

const keyNameOf = (want: Desired): string | undefined => {
  const keyring = keyringOf(want);
  return keyring.startsWith(`${KEYRINGS}/`)
    ? keyring.slice(KEYRINGS.length + 1).replace(/\.asc$/, '')
    : undefined;
};

const unique = (words: readonly string[]): string[] => [...new Set(words)];

/** Files that have one paragraph only: that is what we could write under the same name. */
const listed = (entries: readonly SourceEntry[]): z.input<typeof desired>[] =>
  unique(entries.map(({ file }) => file)).flatMap((file) => {
    const own = entries.filter((entry) => entry.file === file);
    const { types, components, signedBy, enabled } = own[0] ?? {};
    const entry = {
      name: file.slice(file.lastIndexOf('/') + 1).replace(/\.sources$/, ''),
      types,
      uris: unique(own.map(({ uri }) => uri)),
      suites: unique(own.map(({ suite }) => suite)),
      components,
      signedBy,
      enabled,
    };
    const isOne = file.endsWith('.sources') && new Set(own.map(({ line }) => line)).size === 1;
    const { success, data } = desired.safeParse(entry);
    return isOne && success ? [data] : [];
  });

export default defineResource({
  kind: 'AptSource',
  summary:
    'A source of packages, in a file of its own in /etc/apt/sources.list.d, signed by one named key. Its lists are fetched before it is live. A file of that name is replaced; every other file stays as it is.',
  desired,
  ops,
  examples: [
    {
      name: 'debian',
      uris: ['https://deb.debian.org/debian'],
      suites: ['trixie', 'trixie-updates'],
      components: ['main', 'contrib'],
      signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
    },
    { name: 'example', uris: ['https://packages.example.com/apt'], suites: ['./'], signedBy: 'example' },
    { name: 'retired', ensure: 'absent' },
  ],

  key: (want) => want.name,
  requires: (want) => {
    const key = want.ensure === 'absent' ? undefined : keyNameOf(want);
    return [
      ...parentRefs(pathOf(want.name)),
      ...(key === undefined ? [] : [refOf('AptKey', key), refOf('File', keyringOf(want))]),
    ];
  },
  owns: (want) => [`path:${pathOf(want.name)}`],

  read(host, all) {
    const sources = readAptSources(host);
    return readEach(
      all,
      (want) => want.name,
      (want) => {
        const actual = actualOf(host, want, sources);
        return actual.file === undefined && want.ensure === 'absent' ? absent : present<Actual>(actual);
      },
    );
  },

  diff,
  converge,

  list: (host) => Promise.resolve(listed(readAptSources(host).entries)),
});
