/** What the parser has kept of what it compiled (`apparmor_parser -W`, apparmor_parser(8)), for the next boot. */
import { dirname, resolve } from 'node:path';
import type { CommandFact, HostReader } from '../../host/host.ts';
import { POLICY } from './folder.ts';
import type { Profile } from './policy-files.ts';
import { policiesIn, type Policy } from './policy.ts';

/** For the kernel that runs, and the features that the parser is told to use. */
const cacheFolder: CommandFact<string | undefined> = {
  name: 'apparmor_parser --print-cache-dir',
  command: { program: 'apparmor_parser', args: ['--print-cache-dir'], okCodes: [0, 1] },
  absent: undefined,
  parse: (stdout) => (stdout.startsWith('/') ? stdout.trim() : undefined),
};

/** On these it depends, too, what comes out. */
const BESIDES = ['/sbin/apparmor_parser', '/etc/apparmor/parser.conf'];

/**
 * The policies of files of /etc/apparmor.d, where what is kept is surely what the parser would make of them now: kept
 * after all that they are made of was last touched. The parser itself goes by times that a package or `cp -p` sets, and
 * takes old policy for new; the time of a change (ctime) cannot be set.
 */
export class KeptPolicies {
  readonly #host: HostReader;
  readonly #folder: string;
  /** Many profiles are made of the same files. */
  readonly #touched = new Map<string, number>();
  readonly #besides: readonly string[];

  constructor(host: HostReader, folder: string) {
    this.#host = host;
    this.#folder = folder;
    const abis = (host.readDirectory(`${POLICY}/abi`) ?? []).map((name) => `${POLICY}/abi/${name}`);
    this.#besides = [...abis, ...BESIDES];
  }

  /** Undefined where they have to be compiled; always for what is forced to complain, which the parser does not keep. */
  of({ name, paths }: Pick<Profile, 'name' | 'paths'>): readonly Policy[] | undefined {
    const path = `${this.#folder}/${name}`;
    const kept = this.#host.lstat(path);
    if (kept?.type !== 'file' || this.#host.lstat(`${POLICY}/force-complain/${name}`) !== undefined)
      return undefined;
    const isNewer = [...paths, ...this.#besides].every((one) => this.#lastTouched(one) < kept.changed);
    const bytes = isNewer ? this.#host.readFile(path) : undefined;
    return bytes && policiesIn(bytes.toString('latin1'));
  }

  #lastTouched(path: string): number {
    const known = this.#touched.get(path) ?? this.#look(path);
    this.#touched.set(path, known);
    return known;
  }

  /** Of a symlink also what it leads to; of what is missing, the folder that would have it. */
  #look(path: string): number {
    const info = this.#host.lstat(path);
    if (info === undefined) return path === '/' ? 0 : this.#lastTouched(dirname(path));
    const behind = info.target === undefined ? 0 : this.#lastTouched(resolve(dirname(path), info.target));
    return Math.max(info.changed, behind);
  }
}

/** Undefined without a parser. */
export const keptPolicies = async (host: HostReader): Promise<KeptPolicies | undefined> => {
  const folder = await host.fact(cacheFolder);
  return folder === undefined ? undefined : new KeptPolicies(host, folder);
};
