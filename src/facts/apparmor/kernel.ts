import { join } from 'node:path';
import type { HostReader } from '../../host/host.ts';
import type { Policy } from './policy.ts';

const SECURITYFS = '/sys/kernel/security/apparmor';
const HASHES = ['sha256', 'sha1'] as const;

/** A profile in the running kernel. */
export interface Loaded {
  /** enforce, complain, kill, unconfined, user. */
  readonly mode: string;
  /** Of what was loaded, to the byte; a kernel may be told not to keep that (apparmor.export_binary=0). */
  readonly hash?: { readonly algorithm: (typeof HASHES)[number]; readonly value: string };
}

export const isEnabled = (host: HostReader): boolean =>
  host.readFile('/sys/module/apparmor/parameters/enabled')?.toString().trim() === 'Y';

/** raw_sha256 (Linux 6.x) or raw_sha1 is a symlink: all policies that were loaded together have one raw data. */
const hashIn = (host: HostReader, folder: string): Loaded['hash'] => {
  for (const algorithm of HASHES) {
    const target = host.lstat(`${folder}/raw_${algorithm}`)?.target;
    const value = target === undefined ? undefined : host.readFile(join(folder, target))?.toString().trim();
    if (value !== undefined && value !== '') return { algorithm, value };
  }
  return undefined;
};

/** A child has a folder in that of its parent, and the name of its own. */
const hashesIn = (
  host: HostReader,
  all: string,
  parent: string,
  found: Map<string, Loaded['hash']>,
): void => {
  for (const folder of host.readDirectory(all) ?? []) {
    const said = host.readFile(`${all}/${folder}/name`)?.toString().replace(/\n$/, '') ?? '';
    const name = said.startsWith(parent) ? said : parent + said;
    found.set(name, hashIn(host, `${all}/${folder}`));
    hashesIn(host, `${all}/${folder}/profiles`, `${name}//`, found);
  }
};

/** All profiles that the kernel has, children (`parent//child`) among them. */
export const loadedProfiles = (host: HostReader): ReadonlyMap<string, Loaded> => {
  const hashOf = new Map<string, Loaded['hash']>();
  hashesIn(host, `${SECURITYFS}/policy/profiles`, '', hashOf);
  const loaded = new Map<string, Loaded>();
  for (const line of (host.readFile(`${SECURITYFS}/profiles`)?.toString() ?? '').split('\n')) {
    const [, name, mode] = /^(.*) \((\w+)\)$/.exec(line) ?? [];
    if (name === undefined || mode === undefined) continue;
    const hash = hashOf.get(name);
    loaded.set(name, { mode, ...(hash && { hash }) });
  }
  return loaded;
};

/** Whether the kernel has this very policy; undefined if it does not tell. */
export const isSamePolicy = (policy: Policy, { hash }: Loaded): boolean | undefined =>
  hash && policy[hash.algorithm] === hash.value;
