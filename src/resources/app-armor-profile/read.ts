import { createHash } from 'node:crypto';
import { absent, present, reasonOf, unknown, type Reading } from '../../engine/reading.ts';
import { keptPolicies, type KeptPolicies } from '../../facts/apparmor/cache.ts';
import { compileText } from '../../facts/apparmor/compile.ts';
import { isEnabled, loadedProfiles, type Loaded } from '../../facts/apparmor/kernel.ts';
import { PolicyFiles } from '../../facts/apparmor/policy-files.ts';
import type { Policy } from '../../facts/apparmor/policy.ts';
import type { FileInfo, FileMeta, HostReader } from '../../host/host.ts';
import { attachmentsIn } from './attachment.ts';
import { isOurs, marked, modeOf, pathOf } from './files.ts';
import { guestsOf } from './guests.ts';
import { confinedBy, unconfined, type Unconfined } from './processes.ts';
import type { Desired, Mode } from './schema.ts';

/** A profile of the file and how the kernel has it. */
export interface ProfileState {
  readonly name: string;
  /** In the kernel; `same` is null where the kernel keeps no hash. */
  readonly loaded?: { readonly mode: string; readonly same: boolean | null };
}

/** A profile that is loaded and should not be. */
export interface Surplus {
  readonly name: string;
  readonly pids: readonly number[];
}

export interface OnDisk {
  readonly type: FileInfo['type'];
  /** Has the wanted bytes, and is root's with mode 0644. */
  readonly same?: true;
  readonly ours?: boolean;
  readonly text?: string;
  readonly kept?: FileMeta & { readonly sha256: string };
}

export interface Actual {
  /** In the running kernel. */
  readonly enabled: boolean;
  readonly file?: OnDisk;
  /** At boot, by the links beside. */
  readonly mode: Mode;
  /** Whether there is a parser: without the package nothing is known of what the text means. */
  readonly parser: boolean;
  /** The parser's, against the text that is wanted. */
  readonly errors: readonly string[];
  readonly profiles: readonly ProfileState[];
  readonly surplus: readonly Surplus[];
  readonly unconfined: readonly Unconfined[];
  /** Containers that name a profile that is surplus. */
  readonly guests: readonly string[];
}

const readFile = (host: HostReader, { name, content, ensure }: Desired): OnDisk | undefined => {
  const path = pathOf(name);
  const info = host.lstat(path);
  if (info === undefined) return undefined;
  const { type, mode, uid, gid } = info;
  if (type !== 'file') return { type };
  const bytes = host.readFile(path) ?? Buffer.alloc(0);
  const text = bytes.toString();
  const wanted = ensure === 'absent' || content === undefined ? text : marked(name, content);
  const meta = mode === 0o644 && uid === 0 && gid === 0;
  const same = text === wanted && (meta || content === undefined);
  const kept = { sha256: createHash('sha256').update(bytes).digest('hex'), mode, uid, gid };
  return { type, ...(same ? { same } : {}), ours: isOurs(name, text), text, kept };
};

const stateOf = (policy: Policy, loaded: ReadonlyMap<string, Loaded>): ProfileState => {
  const live = loaded.get(policy.name);
  if (live === undefined) return { name: policy.name };
  return { name: policy.name, loaded: { mode: live.mode, same: live.isSame(policy) ?? null } };
};

/** Loaded, and in the file as it is now, but not to be loaded any more. */
const surplusNames = async (
  host: HostReader,
  want: Desired,
  file: OnDisk | undefined,
  wanted: readonly string[],
  loaded: ReadonlyMap<string, Loaded>,
): Promise<string[]> => {
  const goes = want.ensure === 'absent' || want.mode === 'disabled';
  const old =
    file?.text === undefined || file.same ? undefined : await host.fact(compileText(file.text, false));
  const names = new Set([
    ...(goes ? wanted : []),
    ...(old?.policies ?? []).map(({ name }) => name).filter((name) => goes || !wanted.includes(name)),
  ]);
  return [...names].filter((name) => loaded.has(name));
};

/** What all of them are compared with. */
interface Kernel {
  readonly enabled: boolean;
  readonly loaded: ReadonlyMap<string, Loaded>;
  readonly cache: KeptPolicies | undefined;
  readonly files: PolicyFiles;
}

/** In the mode in which it shall be loaded: that makes another policy. */
const compile = async (
  host: HostReader,
  want: Desired,
  { cache, files }: Kernel,
  file: OnDisk | undefined,
  text: string | undefined,
): Promise<Pick<Actual, 'parser' | 'errors'> & { readonly policies: readonly Policy[] }> => {
  if (text === undefined) return { parser: true, errors: [], policies: [] };
  // What the parser has kept counts where the file is on disk as it is wanted.
  const kept = file?.same && want.mode === 'enforce' ? cache?.of(files.profile(want.name)) : undefined;
  if (kept) return { parser: true, errors: [], policies: kept };
  const compiled = await host.fact(compileText(text, want.mode === 'complain'));
  return compiled === undefined ? { parser: false, errors: [], policies: [] } : { parser: true, ...compiled };
};

/** Who runs where it matters: under what is to go, and beside what is to confine it. */
const people = (
  host: HostReader,
  want: Desired,
  text: string | undefined,
  names: string[],
  surplus: string[],
) => {
  const under = confinedBy(host, surplus);
  const isLive = want.ensure === 'present' && want.mode !== 'disabled' && text !== undefined;
  return {
    surplus: surplus.map((name) => ({ name, pids: under.get(name) ?? [] })),
    unconfined: isLive ? unconfined(host, attachmentsIn(text, names)) : [],
    guests: guestsOf(host, surplus),
  };
};

const readOne = async (host: HostReader, want: Desired, kernel: Kernel): Promise<Reading<Actual>> => {
  const { enabled, loaded } = kernel;
  const file = readFile(host, want);
  const mode = modeOf(host, want.name);
  if (want.ensure === 'absent' && file === undefined && mode === 'enforce') return absent;
  const text = want.content ?? file?.text;
  const { policies, ...said } = await compile(host, want, kernel, file, text);
  const names = policies.map(({ name }) => name);
  const surplus = await surplusNames(host, want, file, names, loaded);
  return present<Actual>({
    enabled,
    ...(file && { file }),
    mode,
    ...said,
    profiles: policies.map((policy) => stateOf(policy, loaded)),
    ...people(host, want, text, names, surplus),
  });
};

/** One process for all; and one for each file that differs: the parser's output does not tell which of several a profile came from. */
export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const enabled = isEnabled(host);
  const kernel = {
    enabled,
    loaded: enabled ? loadedProfiles(host) : new Map<string, Loaded>(),
    cache: await keptPolicies(host),
    files: new PolicyFiles(host),
  };
  const readings = await Promise.all(
    all.map(async (want): Promise<[string, Reading<Actual>]> => {
      try {
        return [want.name, await readOne(host, want, kernel)];
      } catch (error) {
        return [want.name, unknown(reasonOf(error))];
      }
    }),
  );
  return new Map(readings);
};
