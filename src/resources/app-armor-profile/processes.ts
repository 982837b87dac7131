/** What runs, and under which profile: from /proc, where processes come and go while we look. */
import type { HostReader } from '../../host/host.ts';

/** A process that a profile is for, and that runs without one, because it was there first. */
export interface Unconfined {
  readonly pid: number;
  readonly program: string;
  readonly profile: string;
  /** The unit that would have to be restarted. */
  readonly unit?: string;
}

/** Who is gone meanwhile needs no answer. */
const textOf = (host: HostReader, path: string): string => {
  try {
    return host.readFile(path)?.toString().trim() ?? '';
  } catch {
    return '';
  }
};

const programOf = (host: HostReader, pid: string): string => {
  try {
    // A file that was replaced since is still the program.
    return host.lstat(`/proc/${pid}/exe`)?.target?.replace(/ \(deleted\)$/, '') ?? '';
  } catch {
    return '';
  }
};

const pids = (host: HostReader): string[] =>
  (host.readDirectory('/proc') ?? []).filter((name) => /^\d+$/.test(name));

/** "name (mode)", "parent//child (mode)", "unconfined". */
const labelOf = (host: HostReader, pid: string): string =>
  textOf(host, `/proc/${pid}/attr/current`).replace(/ \(\w+\)$/, '');

const unitOf = (host: HostReader, pid: string): string | undefined =>
  /\/([^/\n]+\.service)$/m.exec(textOf(host, `/proc/${pid}/cgroup`))?.[1];

/** Processes under each of these profiles, or a child of it. */
export const confinedBy = (
  host: HostReader,
  profiles: readonly string[],
): ReadonlyMap<string, readonly number[]> => {
  const found = new Map(profiles.map((name): [string, number[]] => [name, []]));
  if (profiles.length === 0) return found;
  for (const pid of pids(host))
    for (const part of labelOf(host, pid).split('//&'))
      for (const [name, under] of found)
        if (part === name || part.startsWith(`${name}//`)) under.push(Number(pid));
  return found;
};

export const unconfined = (
  host: HostReader,
  attachments: ReadonlyMap<string, RegExp>,
): readonly Unconfined[] => {
  if (attachments.size === 0) return [];
  return pids(host).flatMap((pid) => {
    const program = programOf(host, pid);
    const [profile] = [...attachments].find(([, path]) => path.test(program)) ?? [];
    if (profile === undefined || labelOf(host, pid) !== 'unconfined') return [];
    const unit = unitOf(host, pid);
    return [{ pid: Number(pid), program, profile, ...(unit === undefined ? {} : { unit }) }];
  });
};
