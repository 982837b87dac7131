import { createHash } from 'node:crypto';
import { absent, present, readEach, type Reading } from '../../engine/reading.ts';
import { keptPolicies, type KeptPolicies } from '../../facts/apparmor/cache.ts';
import { compileFiles, type Compiled } from '../../facts/apparmor/compile.ts';
import { POLICY } from '../../facts/apparmor/folder.ts';
import { headerOf } from '../../facts/apparmor/header.ts';
import { loadedProfiles, type Loaded } from '../../facts/apparmor/kernel.ts';
import { PolicyFiles, type Profile } from '../../facts/apparmor/policy-files.ts';
import { parsePolicy, usesAny } from '../../facts/apparmor/policy-text.ts';
import type { Policy } from '../../facts/apparmor/policy.ts';
import type { FileInfo, FileMeta, HostReader } from '../../host/host.ts';
import { folderOf, pathOf, render } from './files.ts';
import type { Desired } from './schema.ts';

export interface OnDisk {
  readonly type: FileInfo['type'];
  readonly same?: true;
  readonly text?: string;
  readonly kept?: FileMeta & { readonly sha256: string };
}

export interface Actual {
  readonly file?: OnDisk;
  /** Whether the packaged tunables read the folder; null where there are none yet. */
  readonly isRead: boolean | null;
  /** Of the variables in question, those that other files declare. */
  readonly declared: readonly string[];
  /** Files of profiles that use them, now or as it was. */
  readonly users: readonly string[];
  /** A file to try it with where nobody uses it. */
  readonly probe?: string;
  /**
   * Profiles in the kernel that are not what their file, with the tunables of now, says. Without those of our own:
   * AppArmorProfile compares them, and a drift is told once.
   */
  readonly stale: readonly string[];
  /** The parser's, against users as they are. */
  readonly errors: readonly string[];
}

const readFile = (host: HostReader, want: Desired): OnDisk | undefined => {
  const info = host.lstat(pathOf(want.name));
  if (info === undefined) return undefined;
  const { type, mode, uid, gid } = info;
  if (type !== 'file') return { type };
  const bytes = host.readFile(pathOf(want.name)) ?? Buffer.alloc(0);
  const text = bytes.toString();
  const same = text === render(want) && mode === 0o644 && uid === 0 && gid === 0;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { type, ...(same ? { same } : {}), text, kept: { sha256, mode, uid, gid } };
};

/** Variables of our file, as it is and as it shall be. An alias concerns every path. */
const subjectsOf = (want: Desired, file: OnDisk | undefined) => {
  const texts = [file?.text ?? '', want.ensure === 'present' ? render(want) : ''].map(parsePolicy);
  return {
    variables: new Set(texts.flatMap(({ madeOf }) => madeOf.map(([name]) => name))),
    aliases: texts.some(({ hasAlias }) => hasAlias),
  };
};

const known = (host: HostReader, want: Desired, policy: PolicyFiles, profiles: readonly Profile[]) => {
  const file = readFile(host, want);
  const { variables, aliases } = subjectsOf(want, file);
  const folder = `${POLICY}/${folderOf(want.name)}`;
  const including = profiles.filter(({ folders }) => folders.has(folder));
  const tunables = policy.tunables(pathOf(want.name));
  const declared = new Set(tunables.flatMap(({ declares }) => declares));
  const probe = including[0]?.name;
  return {
    ...(file && { file }),
    isRead:
      tunables.length === 0 ? null : tunables.some(({ includes }) => includes.includes(folderOf(want.name))),
    declared: [...variables].filter((name) => declared.has(name)),
    users: including.filter(({ texts }) => aliases || usesAny(texts, variables)).map(({ name }) => name),
    ...(probe === undefined ? {} : { probe }),
  };
};

const staleIn = (compiled: Compiled | undefined, loaded: ReadonlyMap<string, Loaded>): string[] =>
  (compiled?.policies ?? [])
    .filter((policy) => {
      const live = loaded.get(policy.name);
      return live?.isSame(policy) === false;
    })
    .map(({ name }) => name);

/** Ours is never a symlink. */
const isOfOthers = (host: HostReader, user: string): boolean => {
  const path = `${POLICY}/${user}`;
  return host.lstat(path)?.type !== 'file' || !host.readFile(path)?.toString().startsWith(headerOf(user));
};

/** What the parser has kept of some, where that is what it would make of them now; the others are compiled, at once. */
const compiledOf = async (
  host: HostReader,
  cache: KeptPolicies | undefined,
  users: readonly Profile[],
): Promise<Compiled | undefined> => {
  const kept: Policy[] = [];
  const others: string[] = [];
  for (const user of users) {
    const policies = cache?.of(user);
    if (policies === undefined) others.push(`${POLICY}/${user.name}`);
    else kept.push(...policies);
  }
  if (others.length === 0) return { policies: kept, errors: [] };
  const compiled = await host.fact(compileFiles(others));
  return compiled && { ...compiled, policies: [...kept, ...compiled.policies] };
};

/** No process where no profile of others uses what is declared; else one for all, and one for each whose users are not kept. */
export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const policy = new PolicyFiles(host);
  const profiles = policy.profiles();
  const parts = new Map(all.map((want) => [want.name, known(host, want, policy, profiles)]));
  const loaded = loadedProfiles(host);
  const usersOf = new Map(
    [...parts].map(([name, { users }]) => [
      name,
      profiles.filter((one) => users.includes(one.name) && isOfOthers(host, one.name)),
    ]),
  );
  const cache = [...usersOf.values()].some(({ length }) => length > 0) ? await keptPolicies(host) : undefined;
  const compiled = new Map<string, Compiled | undefined>();
  for (const [name, users] of usersOf)
    if (users.length > 0) compiled.set(name, await compiledOf(host, cache, users));
  return readEach(
    all,
    ({ name }) => name,
    (want) => {
      const part = parts.get(want.name);
      if (part === undefined || (want.ensure === 'absent' && part.file === undefined)) return absent;
      const result = compiled.get(want.name);
      return present<Actual>({
        ...part,
        stale: staleIn(result, loaded),
        errors: result?.errors ?? [],
      });
    },
  );
};
