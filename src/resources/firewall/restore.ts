import { withCandidate } from '../../facts/scratch.ts';
import type { Host } from '../../host/host.ts';
import { clearTable, systemctl } from './nftables/converge-nftables.ts';
import type { FirewallOp, Kept } from './schema.ts';
import { keptOf, readStored } from './stored.ts';

type Restore = Extract<FirewallOp, { op: 'restore' }>;

const UNITS = '/etc/systemd/system/';

/** What the change had not come to yet is as it was, and its content need not be kept anywhere. */
const isAsItWas = (host: Host, path: string, kept: Kept): boolean =>
  JSON.stringify(keptOf(readStored(host, path))) === JSON.stringify(kept);

const putBack = async (host: Host, path: string, kept: Kept): Promise<void> => {
  if (isAsItWas(host, path, kept)) return;
  if (kept === null) {
    host.removeFile(path);
  } else if ('target' in kept) host.symlink(kept.target, path, { displace: true });
  else {
    const { sha256, ...meta } = kept;
    if (host.lstat(path)?.type === 'symlink') host.removeFile(path);
    await host.restoreFile(path, sha256, meta);
  }
};

/** From a file: nft 1.0.6 (Debian 12) opens /dev/stdin for JSON, and what it is given there is a socket. */
const loadRules = async (host: Host, live: string): Promise<void> => {
  await withCandidate(host, 'rules.json', live, async (path) => {
    await host.run({ program: 'nft', args: ['-j', '-f', path] });
  });
};

/** The kernel first: that is what somebody waits for. */
export const restore = async (host: Host, { files, live }: Restore): Promise<void> => {
  if (live === null) await clearTable(host);
  else if (live !== undefined) await loadRules(host, live);
  for (const [path, kept] of Object.entries(files)) await putBack(host, path, kept);
  if (Object.keys(files).some((path) => path.startsWith(UNITS))) await systemctl(host, 'daemon-reload');
};
