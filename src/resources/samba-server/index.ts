import { absent, present } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import { writeMain, writeSections } from '../../facts/samba/candidate.ts';
import {
  includeIn,
  MAIN,
  ownLines,
  OURS,
  readSambaFiles,
  withInclude,
  withoutInclude,
  type SambaFiles,
} from '../../facts/samba/files.ts';
import { sameName } from '../../facts/samba/sections.ts';
import { testparm, type Understood } from '../../facts/samba/testparm.ts';
import type { Host, HostReader } from '../../host/host.ts';
import { diff, type Actual } from './diff.ts';
import { desired, ops, type ServerOp } from './schema.ts';

const KEY = 'system';

const effectOf = (found: Understood | undefined): Pick<Actual, 'effective' | 'broken'> => {
  if (found === undefined) return {};
  if (found.broken) return { broken: found.complaints };
  return { effective: Object.fromEntries(found.sections.get('global') ?? []) };
};

const sharesOf = ({ own }: SambaFiles): string[] =>
  [...new Set(own.map(({ name }) => name))].filter((name) => sameName(name) !== 'global');

const readActual = async (host: HostReader): Promise<Actual | undefined> => {
  const files = readSambaFiles(host);
  const lines = ownLines(files, 'global');
  const include = includeIn(files.main);
  const shares = sharesOf(files);
  if (files.main === '' && files.own.length === 0) return undefined;
  return {
    ...(lines === undefined ? {} : { lines }),
    include,
    shares,
    ...effectOf(await host.fact(testparm)),
  };
};

/** It succeeds also when none of Samba's daemons runs (4.17, 4.22). */
const reload = async (host: Host): Promise<void> => {
  await host.run({ program: 'smbcontrol', args: ['all', 'reload-config'] });
};

/** Without our settings, or not included at all, they would be other shares, or none. */
const requireNoShares = (host: Host): void => {
  const shares = sharesOf(readSambaFiles(host));
  if (shares.length > 0)
    throw new Error(
      `${OURS} still has shares: ${shares.join(', ')}; declare each SambaShare with \`ensure: absent\``,
    );
};

const converge = async (op: ServerOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'write':
      if (op.lines === null) requireNoShares(host);
      await writeSections(host, new Map([['global', op.lines ?? undefined]]));
      return;
    case 'include':
      await writeMain(host, withInclude);
      return;
    case 'exclude':
      requireNoShares(host);
      await writeMain(host, withoutInclude);
      return;
    case 'reload':
      await reload(host);
      return;
  }
};

export default defineResource({
  kind: 'SambaServer',
  summary:
    'The settings of a standalone Samba server, in a file of our own that smb.conf includes at its end, so that they win. ' +
    'Checked by testparm before they are live. Never changes another line of smb.conf, and no share of others.',
  desired,
  ops,
  owesTo: ['SystemdUnit'],
  examples: [
    {
      workgroup: 'HOME',
      interfaces: ['lo', '192.168.1.10/24'],
      minProtocol: 'SMB3_00',
      signing: 'required',
      options: { 'server multi channel support': 'no', 'log level': '1' },
    },
  ],

  key: () => KEY,
  requires: () => [refOf('AptPackage', 'samba')],
  owns: () => [`path:${OURS}`, `path:${MAIN}`],

  async read(host) {
    const actual = await readActual(host);
    return new Map([[KEY, actual === undefined ? absent : present(actual)]]);
  },

  diff,
  converge,
});
