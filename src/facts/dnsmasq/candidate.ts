/** Changes of our files: dnsmasq sees the whole before any of it is live, and what does not start is taken back. */
import { dirname } from 'node:path';
import { reasonOf } from '../../engine/reading.ts';
import type { FileMeta, Host } from '../../host/host.ts';
import { READABLE } from '../own-file.ts';
import { FOLDER, HOSTS_FOLDER, MAIN, namesIn } from './files.ts';
import { reload, restart, runningPid } from './service.ts';

/** Where no daemon looks; root's alone, and gone after a boot. */
const SCRATCH = '/run/phoenix-dnsmasq';
const ROOT: FileMeta = { mode: 0o700, uid: 0, gid: 0 };

/** By path; undefined: it is to go. */
export type Texts = ReadonlyMap<string, string | undefined>;

const clear = (host: Host): void => {
  if (host.lstat(SCRATCH) !== undefined) host.removeDirectory(SCRATCH, { recursive: true });
};

const textOf = (host: Host, path: string): string | undefined => host.readFile(path)?.toString();

const isConfiguration = (path: string): boolean => dirname(path) === FOLDER;

/** All files that dnsmasq would read, as they would be. */
const candidateOf = (host: Host, texts: Texts): Map<string, string> => {
  const all = new Map<string, string>();
  for (const path of namesIn(host).map((name) => `${FOLDER}/${name}`))
    if (host.lstat(path)?.type === 'file') all.set(path, textOf(host, path) ?? '');
  for (const [path, text] of texts)
    if (text === undefined) all.delete(path);
    else if (isConfiguration(path)) all.set(path, text);
  return all;
};

const reject = (said: string): Error =>
  new Error(`dnsmasq rejects the configuration; nothing was written:\n${said}`);

const test = async (host: Host): Promise<void> => {
  const args = ['--test', `--conf-file=${SCRATCH}/dnsmasq.conf`, `--conf-dir=${SCRATCH}/dnsmasq.d`];
  const { code, stderr } = await host.run({ program: 'dnsmasq', args, okCodes: [0, 1, 2, 3, 4, 5] });
  if (code === 0) return;
  throw reject(stderr.trim().replaceAll(SCRATCH, '/etc'));
};

/** What its test passes over, and its start does not (2.90, 2.91). */
const checkAuthority = (texts: readonly string[]): void => {
  const has = (key: string): boolean => texts.some((text) => new RegExp(`^\\s*${key}\\s*=`, 'm').test(text));
  if (has('auth-zone') && !has('auth-server'))
    throw reject('an authoritative zone needs a server with authority: declare `authority` of the DnsServer');
};

/** Debian starts it with the folder; a plain `dnsmasq --test` would not look there (2.90, 2.91). */
export const check = async (host: Host, texts: Texts): Promise<void> => {
  clear(host);
  try {
    host.makeDirectory(SCRATCH, ROOT);
    host.makeDirectory(`${SCRATCH}/dnsmasq.d`, ROOT);
    // The folder may be named there as well, and what was read once is not read again.
    const main = (textOf(host, MAIN) ?? '').replaceAll(FOLDER, `${SCRATCH}/dnsmasq.d`);
    await host.writeFile(`${SCRATCH}/dnsmasq.conf`, main, ROOT);
    const candidate = candidateOf(host, texts);
    checkAuthority([main, ...candidate.values()]);
    for (const [path, text] of candidate) await host.writeFile(path.replace('/etc', SCRATCH), text, ROOT);
    await test(host);
  } finally {
    clear(host);
  }
};

/** For everybody to read: dnsmasq reads hosts files again as its own user. */
const write = async (host: Host, texts: Texts): Promise<void> => {
  for (const [path, text] of texts) {
    if (dirname(path) === HOSTS_FOLDER && host.lstat(HOSTS_FOLDER) === undefined)
      host.makeDirectory(HOSTS_FOLDER, { ...READABLE, mode: 0o755 });
    if (text === undefined) host.removeFile(path);
    else await host.writeFile(path, text, READABLE);
  }
};

const changedOf = (host: Host, texts: Texts): Map<string, string | undefined> =>
  new Map([...texts].filter(([path, text]) => textOf(host, path) !== text));

const bringIntoEffect = async (host: Host, paths: readonly string[]): Promise<void> => {
  if (runningPid(host) === undefined || paths.length === 0) return;
  if (paths.some(isConfiguration)) await restart(host);
  else await reload(host);
};

/** What was live before is live again, if that is possible at all: what became of it. */
const takeBack = async (host: Host, before: Texts): Promise<string> => {
  await write(host, before);
  try {
    if ([...before.keys()].some(isConfiguration)) await restart(host);
    else await reload(host);
    return 'the files are as they were before, and dnsmasq answers again';
  } catch (error) {
    return `the files are as they were before, and still: ${reasonOf(error)}`;
  }
};

/** Writes what differs, and has a running server use it: with a restart only where a reload would not do. */
export const goLive = async (host: Host, texts: Texts): Promise<void> => {
  const changed = changedOf(host, texts);
  const before: Texts = new Map([...changed.keys()].map((path) => [path, textOf(host, path)]));
  const ran = runningPid(host) !== undefined;
  await write(host, changed);
  try {
    await bringIntoEffect(host, [...changed.keys()]);
  } catch (error) {
    if (!ran) throw error;
    throw new Error(`${reasonOf(error)}\n${await takeBack(host, before)}`, { cause: error });
  }
};
