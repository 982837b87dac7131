import type { Host } from '../../host/host.ts';
import { clearTable, systemctl } from './nftables/converge-nftables.ts';
import type { FirewallOp, Kept } from './schema.ts';

type Restore = Extract<FirewallOp, { op: 'restore' }>;

const UNITS = '/etc/systemd/system/';

const putBack = async (host: Host, path: string, kept: Kept): Promise<void> => {
  if (kept === null) {
    if (host.lstat(path) !== undefined) host.removeFile(path);
  } else if ('target' in kept) host.symlink(kept.target, path, { displace: true });
  else {
    const { sha256, ...meta } = kept;
    if (host.lstat(path)?.type === 'symlink') host.removeFile(path);
    await host.restoreFile(path, sha256, meta);
  }
};

/** The kernel first: that is what somebody waits for. */
export const restore = async (host: Host, { files, live }: Restore): Promise<void> => {
  if (live === null) await clearTable(host);
  else if (live !== undefined) await host.run({ program: 'nft', args: ['-j', '-f', '-'], input: live });
  for (const [path, kept] of Object.entries(files)) await putBack(host, path, kept);
  if (Object.keys(files).some((path) => path.startsWith(UNITS))) await systemctl(host, 'daemon-reload');
};
