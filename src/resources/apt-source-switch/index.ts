import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Finding } from '../../engine/action.ts';
import { present, readEach } from '../../engine/reading.ts';
import { defineResource } from '../../engine/resource-type.ts';
import { fetchOnly } from '../../facts/apt/run.ts';
import { readAptSources } from '../../facts/apt/sources.ts';
import { READABLE } from '../../facts/own-file.ts';
import { withCandidate } from '../../facts/scratch.ts';
import type { FileMeta, Host, HostReader } from '../../host/host.ts';
import { switchIn } from './switch.ts';

const desired = z.strictObject({
  uri: z
    .string()
    .regex(
      /^[a-z+]+:\/[A-Za-z0-9./][^\s[\]#]*$/,
      'expected an address such as https://enterprise.proxmox.com/debian',
    )
    .meta({ description: 'the address, or what several have in common up to a slash' }),
  enabled: z.boolean().default(false).meta({ description: 'whether apt uses what is at this address' }),
});

const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('switch'), file: z.string(), uri: z.string(), enabled: z.boolean() }),
  z.strictObject({ op: z.literal('restore'), file: z.string(), sha256: z.string() }),
]);
type Desired = z.output<typeof desired>;
type SwitchOp = z.output<typeof ops>;

interface Actual {
  /** What the files of others have, by path, where it names the address. */
  readonly files: Readonly<Record<string, string>>;
}

const OURS = '# managed by phoenix: AptSource[';

const filesWith = (host: HostReader, { uri }: Desired): Actual['files'] =>
  Object.fromEntries(
    [...readAptSources(host).texts].filter(
      ([file, text]) => !text.startsWith(OURS) && switchIn(file, text, uri, true).found > 0,
    ),
  );

const diffFile = ({ uri, enabled }: Desired, file: string, from: string): Finding<SwitchOp>[] => {
  const { text, shared } = switchIn(file, from, uri, enabled);
  const changes = [{ path: file, from, to: text, as: 'text' as const }];
  if (shared !== undefined)
    return [
      {
        refuses: `${file}, line ${shared}: the paragraph has other addresses, too, which would be switched along; part them`,
        changes: [{ path: 'enabled', from: !enabled, to: enabled }],
      },
    ];
  if (text === from) return [];
  return [
    {
      does: { op: 'switch', file, uri, enabled },
      description: `switch ${enabled ? 'on' : 'off'} what ${file} has of ${uri}`,
      risk: 'safe',
      changes,
      undo: { by: { op: 'restore', file, sha256: createHash('sha256').update(from).digest('hex') } },
    },
  ];
};

const metaOf = (host: Host, file: string): FileMeta => {
  const { mode, uid, gid } = host.lstat(file) ?? READABLE;
  return { mode, uid, gid };
};

/** What is switched on must answer first, as with a source of our own. */
const flip = async (
  { file, uri, enabled }: Extract<SwitchOp, { op: 'switch' }>,
  host: Host,
): Promise<void> => {
  const { text } = switchIn(file, host.readFile(file)?.toString() ?? '', uri, enabled);
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (enabled) await withCandidate(host, name, text, (candidate) => fetchOnly(host, candidate));
  await host.writeFile(file, text, metaOf(host, file));
};

export default defineResource({
  kind: 'AptSourceSwitch',
  summary:
    'Switches apt sources on or off that files of others have, by their address, as their vendors document it: `Enabled: no`, or a comment in the old format. Every other line stays, and no file is removed or renamed: its package would bring it back.',
  desired,
  ops,
  examples: [{ uri: 'https://enterprise.proxmox.com/debian' }],

  key: (want) => want.uri,

  read: (host, all) =>
    readEach(
      all,
      (want) => want.uri,
      (want) => present<Actual>({ files: filesWith(host, want) }),
    ),

  diff(want, actual) {
    const files = actual.is === 'present' ? Object.entries(actual.value.files) : [];
    if (want.enabled && files.length === 0)
      return [
        {
          refuses: `no file of apt sources has ${want.uri}: there is nothing to switch on; declare an AptSource`,
          changes: [{ path: 'enabled', from: null, to: true }],
        },
      ];
    return files.flatMap(([file, text]) => diffFile(want, file, text));
  },

  async converge(op, host) {
    if (op.op === 'switch') await flip(op, host);
    else await host.restoreFile(op.file, op.sha256, metaOf(host, op.file));
  },
});
