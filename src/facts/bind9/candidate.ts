/** Changes of our files: named's own checks see all of it before any is live, and what it does not take is taken back. */
import { dirname } from 'node:path';
import { reasonOf } from '../../engine/reading.ts';
import type { FileMeta, Host } from '../../host/host.ts';
import { READABLE } from '../own-file.ts';
import { FOLDER, isConfiguration, MAIN, mainFiles, namesIn, PATTERN, zoneData } from './files.ts';
import { reload, runningPid, type Expectation } from './service.ts';

/** Where no daemon looks; root's alone, and gone after a boot. */
const SCRATCH = '/run/phoenix-bind9';
const ROOT: FileMeta = { mode: 0o700, uid: 0, gid: 0 };

/** By path; undefined: it is to go. */
export type Texts = ReadonlyMap<string, string | undefined>;

const clear = (host: Host): void => {
  if (host.lstat(SCRATCH) !== undefined) host.removeDirectory(SCRATCH, { recursive: true });
};

const textOf = (host: Host, path: string): string | undefined => host.readFile(path)?.toString();

/** All files that named would read, as they would be. */
const candidateOf = (host: Host, texts: Texts): Map<string, string> => {
  const ours = namesIn(host).map((name) => `${FOLDER}/${name}`);
  const all = new Map([...mainFiles(host), ...ours].map((path) => [path, textOf(host, path)]));
  for (const [path, text] of texts) if (isConfiguration(path)) all.set(path, text);
  return new Map([...all].flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])));
};

const reject = (said: string): Error =>
  new Error(`named rejects the configuration; nothing was written:\n${said.trim().replaceAll(SCRATCH, '')}`);

/** What is included from here is included from there. */
const moved = (text: string, paths: readonly string[]): string =>
  [...paths, PATTERN].reduce((to, path) => to.replaceAll(`"${path}"`, `"${SCRATCH}${path}"`), text);

const must = async (host: Host, program: string, args: readonly string[]): Promise<void> => {
  const { code, stdout, stderr } = await host.run({ program, args, okCodes: [0, 1] });
  if (code !== 0) throw reject(`${stdout}${stderr}`);
};

const makeScratch = (host: Host): void => {
  clear(host);
  for (const folder of ['', '/etc', dirname(MAIN), FOLDER]) host.makeDirectory(`${SCRATCH}${folder}`, ROOT);
};

const writeCandidate = async (host: Host, candidate: ReadonlyMap<string, string>): Promise<void> => {
  for (const [path, text] of candidate)
    await host.writeFile(`${SCRATCH}${path}`, moved(text, [...candidate.keys()]), ROOT);
};

/**
 * Without zone data: those of others may be broken, and named would serve all others nevertheless. What is there before
 * the package is checked with the first zone.
 */
export const check = async (host: Host, texts: Texts): Promise<void> => {
  if (host.lstat(MAIN) === undefined) return;
  try {
    makeScratch(host);
    await writeCandidate(host, candidateOf(host, texts));
    await must(host, 'named-checkconf', [`${SCRATCH}${MAIN}`]);
  } finally {
    clear(host);
  }
};

/** The data of one zone, by itself; names of others are not looked up. */
export const checkZone = async (host: Host, zone: string, text: string): Promise<void> => {
  const path = `${SCRATCH}${zoneData(zone)}`;
  try {
    makeScratch(host);
    await host.writeFile(path, text, ROOT);
    await must(host, 'named-checkzone', ['-i', 'local', '-k', 'fail', zone, path]);
  } finally {
    clear(host);
  }
};

const makeFolder = (host: Host, path: string): void => {
  if (host.lstat(path) === undefined) host.makeDirectory(path, { ...READABLE, mode: 0o755 });
};

/** For everybody to read: named reads them again as its own user. */
const write = async (host: Host, texts: Texts): Promise<void> => {
  makeFolder(host, dirname(FOLDER));
  makeFolder(host, FOLDER);
  for (const [path, text] of texts)
    if (text === undefined) host.removeFile(path);
    else await host.writeFile(path, text, READABLE);
};

const takeBack = async (host: Host, before: Texts): Promise<string> => {
  await write(host, before);
  try {
    await reload(host, []);
    return 'the files are as they were before, and named has read them again';
  } catch (error) {
    return `the files are as they were before, and still: ${reasonOf(error)}`;
  }
};

/** Writes what differs, has a running server read it, and waits until it answers with it. */
export const goLive = async (host: Host, texts: Texts, expected: readonly Expectation[]): Promise<void> => {
  const changed = new Map([...texts].filter(([path, text]) => textOf(host, path) !== text));
  if (changed.size === 0) return;
  const before = new Map([...changed.keys()].map((path) => [path, textOf(host, path)]));
  await write(host, changed);
  if (runningPid(host) === undefined) return;
  try {
    await reload(host, expected);
  } catch (error) {
    throw new Error(`${reasonOf(error)}\n${await takeBack(host, before)}`, { cause: error });
  }
};
