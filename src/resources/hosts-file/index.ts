import { absent, present } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import type { FileMeta, Host, HostReader } from '../../host/host.ts';
import { parseHosts, withBlock, type Hosts } from './block.ts';
import { diff, HOSTS, type Actual } from './diff.ts';
import { desired, ops, type HostsOp } from './schema.ts';

const KEY = 'system';
const USUAL: FileMeta = { mode: 0o644, uid: 0, gid: 0 };

/** Live and at the next boot. `localhost` is everybody's. */
const labelsOf = (host: HostReader): string[] => {
  const names = ['/etc/hostname', '/proc/sys/kernel/hostname'].map((path) =>
    (host.readFile(path)?.toString() ?? '').trim().toLowerCase(),
  );
  return [...new Set(names)].filter((name) => name !== '' && name !== '(none)' && name !== 'localhost');
};

/** And the names with a domain that the lines of others give it. */
const ownNames = (host: HostReader, { before, after }: Hosts): string[] => {
  const labels = labelsOf(host);
  const words = [...before, ...after].flatMap((line) =>
    (line.split('#')[0] ?? '').toLowerCase().split(/\s+/),
  );
  const long = words.filter((word) => labels.some((label) => word.startsWith(`${label}.`)));
  return [...new Set([...labels, ...long])];
};

const converge = async (op: HostsOp, host: Host): Promise<void> => {
  const hosts = parseHosts(host.readFile(HOSTS)?.toString() ?? '');
  if (hosts.torn !== undefined)
    throw new Error(`${HOSTS}, line ${hosts.torn}: our block has been torn since`);
  const { mode, uid, gid } = host.lstat(HOSTS) ?? USUAL;
  await host.writeFile(HOSTS, withBlock(hosts, op.op === 'write' ? op.lines : undefined), { mode, uid, gid });
};

export default defineResource({
  kind: 'HostsFile',
  summary:
    'Names of other machines in /etc/hosts, in a block of our own. Every other line stays as it is, that of the host itself too: Hostname has it.',
  desired,
  ops,
  examples: [{ entries: [{ address: '10.0.0.20', names: ['nas.internal.example.net', 'nas'] }] }],

  key: () => KEY,
  requires: () => [refOf('Hostname', KEY)],
  owns: () => [`part:${HOSTS}#block`],

  read(host) {
    const text = host.readFile(HOSTS)?.toString();
    if (text === undefined) return new Map([[KEY, absent]]);
    const hosts = parseHosts(text);
    return new Map([[KEY, present<Actual>({ ...hosts, own: ownNames(host, hosts) })]]);
  },

  diff,
  converge,

  /** The lines of others are theirs. */
  list(host) {
    const { block = [] } = parseHosts(host.readFile(HOSTS)?.toString() ?? '');
    const entries = block.map((line) => {
      const [address = '', ...names] = line.split(/\s+/);
      return { address, names };
    });
    const entry = { entries };
    return Promise.resolve(entries.length > 0 && desired.safeParse(entry).success ? [entry] : []);
  },
});
