import { dirname, join } from 'node:path';
import type { HostReader } from '../../host/host.ts';
import { policiesIn, type Policy } from './policy.ts';

const SECURITYFS = '/sys/kernel/security/apparmor';
const HASHES = ['sha256', 'sha1'] as const;

/** What a profile came in; a kernel may be told not to keep that (apparmor.export_binary=0). */
interface Raw {
  readonly folder: string;
  readonly algorithm: (typeof HASHES)[number];
  /** Of all of it, to the byte. */
  readonly hash: string;
}

/** A profile in the running kernel. */
export interface Loaded {
  /** enforce, complain, kill, unconfined, user. */
  readonly mode: string;
  /** Undefined where the kernel does not tell. */
  readonly isSame: (policy: Policy) => boolean | undefined;
}

export const isEnabled = (host: HostReader): boolean =>
  host.readFile('/sys/module/apparmor/parameters/enabled')?.toString().trim() === 'Y';

/** raw_sha256 (Linux 6.x) or raw_sha1 is a symlink to a folder that may be of several profiles. */
const rawIn = (host: HostReader, folder: string): Raw | undefined => {
  for (const algorithm of HASHES) {
    const target = host.lstat(`${folder}/raw_${algorithm}`)?.target;
    if (target === undefined) continue;
    const path = join(folder, target);
    const hash = host.readFile(path)?.toString().trim() ?? '';
    if (hash !== '') return { folder: dirname(path), algorithm, hash };
  }
  return undefined;
};

/** A child has a folder in that of its parent, and the name of its own. */
const rawsIn = (host: HostReader, all: string, parent: string, found: Map<string, Raw | undefined>): void => {
  for (const folder of host.readDirectory(all) ?? []) {
    const said = host.readFile(`${all}/${folder}/name`)?.toString().replace(/\n$/, '') ?? '';
    const name = said.startsWith(parent) ? said : parent + said;
    found.set(name, rawIn(host, `${all}/${folder}`));
    rawsIn(host, `${all}/${folder}/profiles`, `${name}//`, found);
  }
};

/**
 * The parser loads what it compiles one by one, and what it takes from its cache, as it does at boot, a file at once: all
 * of a file have one raw data and one hash then, so a profile is looked for in it.
 */
const comparison = (host: HostReader): ((raw: Raw, policy: Policy) => boolean) => {
  const together = new Map<string, readonly Policy[]>();
  return ({ folder, algorithm, hash }, policy) => {
    if (policy[algorithm] === hash) return true;
    const parts =
      together.get(folder) ?? policiesIn(host.readFile(`${folder}/raw_data`)?.toString('latin1') ?? '');
    together.set(folder, parts);
    return parts.some(({ name, sha256 }) => name === policy.name && sha256 === policy.sha256);
  };
};

/** All profiles that the kernel has, children (`parent//child`) among them. */
export const loadedProfiles = (host: HostReader): ReadonlyMap<string, Loaded> => {
  const raws = new Map<string, Raw | undefined>();
  rawsIn(host, `${SECURITYFS}/policy/profiles`, '', raws);
  const compare = comparison(host);
  const loaded = new Map<string, Loaded>();
  for (const line of (host.readFile(`${SECURITYFS}/profiles`)?.toString() ?? '').split('\n')) {
    const [, name, mode] = /^(.*) \((\w+)\)$/.exec(line) ?? [];
    if (name === undefined || mode === undefined) continue;
    const raw = raws.get(name);
    loaded.set(name, { mode, isSame: (policy) => raw && compare(raw, policy) });
  }
  return loaded;
};
