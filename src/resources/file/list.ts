/** Configuration files of packages that somebody has changed: of all files these are the operator's, and are known. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { accountsOf, type Accounts } from '../../facts/accounts.ts';
import { conffilesOf, dpkgPackages, type Conffile } from '../../facts/dpkg.ts';
import { modeText } from '../../facts/ownership.ts';
import type { HostReader } from '../../host/host.ts';
import { desired } from './schema.ts';

type Entry = z.input<typeof desired>;

/** Longer ones belong beside the manifest, as `source`. */
const MAX = 32 * 1024;

const textOf = (content: Buffer): string | undefined => {
  const text = content.toString('utf8');
  return content.length <= MAX && Buffer.from(text).equals(content) && !text.includes('\0')
    ? text
    : undefined;
};

/** What only root may read may have a secret in it, and is left out. */
const listed = (host: HostReader, { path, md5 }: Conffile, accounts: Accounts): Entry[] => {
  const info = host.lstat(path);
  if (info?.type !== 'file' || (info.mode & 0o004) === 0) return [];
  const bytes = host.readFile(path);
  if (bytes === undefined || createHash('md5').update(bytes).digest('hex') === md5) return [];
  const content = textOf(bytes);
  if (content === undefined) return [];
  const entry = {
    path,
    owner: accounts.userName(info.uid),
    group: accounts.groupName(info.gid),
    mode: modeText(info.mode),
    content,
  };
  return desired.safeParse(entry).success ? [entry] : [];
};

export const list = async (host: HostReader): Promise<Entry[]> => {
  const packages = (await host.fact(dpkgPackages)) ?? new Map<string, never>();
  const accounts = await accountsOf(host);
  return [...packages.values()]
    .filter(({ state }) => state === 'installed')
    .flatMap(conffilesOf)
    .filter(({ md5 }) => md5 !== undefined)
    .flatMap((conffile) => listed(host, conffile, accounts))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
};
