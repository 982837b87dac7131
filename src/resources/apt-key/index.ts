import { createHash } from 'node:crypto';
import { isAction, type Change, type Finding } from '../../engine/action.ts';
import { absent, present, readEach } from '../../engine/reading.ts';
import { defineResource } from '../../engine/resource-type.ts';
import { KEYRINGS, readAptSources } from '../../facts/apt/sources.ts';
import {
  convergeOwnFile,
  diffOwnFile,
  readOwnFile,
  type OwnFile,
  type OwnFileOp,
} from '../../facts/own-file.ts';
import { parentRefs } from '../../facts/paths.ts';
import { fingerprintsIn } from './openpgp.ts';
import { desired, ops, pathOf, resolve, type Desired } from './schema.ts';

interface Actual {
  readonly file?: OwnFile;
  /** Files of sources that name it. */
  readonly usedBy: readonly string[];
}

/** For people: the armor of a key says nothing to them. */
const shownKey = (text: string): string => {
  const hash = `sha256 ${createHash('sha256').update(text).digest('hex').slice(0, 16)}…`;
  try {
    return `${fingerprintsIn(text).join(', ')} (${hash})`;
  } catch {
    return `no key (${hash})`;
  }
};

const shownSide = (side: unknown): string | null => (typeof side === 'string' ? shownKey(side) : null);

const shown = (change: Change): Change =>
  change.as === 'text'
    ? { path: 'fingerprints', from: shownSide(change.from), to: shownSide(change.to) }
    : change;

const inUse = (want: Desired, { usedBy }: Actual): Finding<OwnFileOp>[] =>
  usedBy.length === 0
    ? []
    : [
        {
          remarks: `${usedBy.join(', ')} names ${pathOf(want.name)}: without the key apt refuses that source`,
        },
      ];

const diffKey = (want: Desired, found: Actual): Finding<OwnFileOp>[] => {
  const text = want.ensure === 'absent' ? undefined : want.content;
  const findings = diffOwnFile({ path: pathOf(want.name), text, risk: 'safe' }, found.file).map((finding) =>
    isAction(finding) ? { ...finding, changes: finding.changes.map(shown) } : finding,
  );
  return want.ensure === 'absent' && findings.length > 0 ? [...findings, ...inUse(want, found)] : findings;
};

export default defineResource({
  kind: 'AptKey',
  summary:
    'A key that signs apt sources, in /etc/apt/keyrings, for the sources that name it. Its fingerprint is checked when the manifest is read. Never downloads a key, and never touches trusted.gpg.d or the keyrings of packages.',
  desired,
  ops,
  examples: [
    {
      name: 'example',
      file: 'keys/example.asc',
      fingerprints: ['0000 1111 2222 3333 4444  5555 6666 7777 8888 9999'],
    },
    { name: 'retired', ensure: 'absent' },
  ],

  key: (want) => want.name,
  requires: (want) => parentRefs(pathOf(want.name)),
  owns: (want) => [`path:${pathOf(want.name)}`],
  resolve,

  read(host, all) {
    const { entries } = readAptSources(host);
    return readEach(
      all,
      (want) => want.name,
      (want) => {
        const path = pathOf(want.name);
        const file = readOwnFile(host, path);
        const usedBy = [
          ...new Set(entries.filter(({ signedBy }) => signedBy === path).map((one) => one.file)),
        ];
        return file === undefined ? absent : present<Actual>({ file, usedBy });
      },
    );
  },

  diff: (want, actual) => diffKey(want, actual.is === 'present' ? actual.value : { usedBy: [] }),

  async converge(op, host) {
    if (op.op === 'write' && host.lstat(KEYRINGS) === undefined)
      host.makeDirectory(KEYRINGS, { mode: 0o755, uid: 0, gid: 0 });
    await convergeOwnFile(op, host);
  },
});
