import { group } from '../../../facts/accounts.ts';
import type { FileMeta, Host } from '../../../host/host.ts';
import { readStored, type Stored } from '../stored.ts';

const FOLDER = '/etc/pve/firewall';

/** The cluster filesystem lets nobody choose owner and mode, and fails for any but these (pmxcfs(8)). */
const metaOf = async (host: Host): Promise<FileMeta> => ({
  mode: 0o640,
  uid: 0,
  gid: (await host.fact(group)).get('www-data')?.gid ?? 0,
});

/** What Proxmox VE complains of when it makes rules of its files; undefined where it is not installed. */
const complaints = async (host: Host): Promise<readonly string[] | undefined> => {
  if (host.lstat('/usr/sbin/pve-firewall') === undefined) return undefined;
  const { code, stderr } = await host.run({
    program: 'pve-firewall',
    args: ['compile'],
    okCodes: [0, 1, 2, 255],
    maxOutput: 16 * 1024 * 1024,
  });
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return code === 0 ? lines : [...lines, `exit code ${code}`];
};

/** Rules of others are further down once ours are there. */
const withoutPlace = (line: string): string => line.replace(/\(line \d+\)/, '');

const putBack = async (host: Host, before: ReadonlyMap<string, Stored | undefined>): Promise<void> => {
  for (const [path, stored] of before) {
    if (stored === undefined) host.removeFile(path);
    else if ('sha256' in stored.kept) {
      const { sha256, ...meta } = stored.kept;
      await host.restoreFile(path, sha256, meta);
    }
  }
};

/**
 * Proxmox VE leaves out a line that it does not understand, and its checker reads only what is live: so the files are
 * put back at once if it has anything new to say about them.
 */
export const writeProxmox = async (host: Host, files: Readonly<Record<string, string>>): Promise<void> => {
  const meta = await metaOf(host);
  const before = new Map(Object.keys(files).map((path) => [path, readStored(host, path)]));
  const known = await complaints(host);
  if (host.lstat(FOLDER) === undefined) host.makeDirectory(FOLDER, meta);
  for (const [path, text] of Object.entries(files)) await host.writeFile(path, text, meta);
  const now = await complaints(host);
  const old = new Set(known?.map(withoutPlace));
  const fresh = (now ?? []).filter((line) => !old.has(withoutPlace(line)));
  if (fresh.length === 0) return;
  await putBack(host, before);
  throw new Error(`pve-firewall refuses the rules; everything is as it was:\n${fresh.join('\n')}`);
};
