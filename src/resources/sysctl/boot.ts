/** What systemd-sysctl would apply at boot, read from the files that it reads (sysctl.d(5), systemd 252 and 257). */
import { posix } from 'node:path';
import type { HostReader } from '../../host/host.ts';
import { canonicalKey } from './key.ts';

/** In order of precedence: of two files with one name only the first counts. */
const DIRECTORIES = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'];

export interface Assignment {
  readonly key: string;
  /** Undefined: the key is excluded (`-key` without a value). */
  readonly value?: string;
  /** The name of the file, which decides the order; and where it is. */
  readonly name: string;
  readonly file: string;
}

/** By name, in the order of the boot. C order, as in systemd: not that of a language. */
const bootFiles = (host: HostReader): [name: string, path: string][] => {
  const files = new Map<string, string>();
  for (const directory of DIRECTORIES)
    for (const name of host.readDirectory(directory) ?? [])
      if (name.endsWith('.conf') && !files.has(name)) files.set(name, `${directory}/${name}`);
  return [...files].sort(([a], [b]) => (a < b ? -1 : 1));
};

/** Follows symlinks: Debian 12 has 99-sysctl.conf → ../sysctl.conf, and a link to /dev/null masks a file. */
const readThrough = (host: HostReader, path: string): string => {
  let at = path;
  for (let hops = 0; hops < 8; hops++) {
    const info = host.lstat(at);
    if (info?.type === 'file') return host.readFile(at)?.toString() ?? '';
    if (info?.target === undefined) return '';
    at = posix.resolve(posix.dirname(at), info.target);
  }
  throw new Error(`${path}: too many symlinks`);
};

const parseLine = (line: string): { key: string; value?: string } | undefined => {
  const text = line.trim();
  if (text === '' || text.startsWith('#') || text.startsWith(';')) return undefined;
  const equals = text.indexOf('=');
  const name = (equals === -1 ? text : text.slice(0, equals)).trim();
  const key = canonicalKey(name.replace(/^-/, ''));
  if (equals !== -1) return { key, value: text.slice(equals + 1).trim() };
  return name.startsWith('-') ? { key } : undefined;
};

export interface Boot {
  readonly assignments: ReadonlyMap<string, Assignment>;
  /** Of the files in /etc/sysctl.d, by path. */
  readonly contents: ReadonlyMap<string, string>;
}

/**
 * The last assignment of each key wins. Patterns (`net.ipv4.conf.*.rp_filter`) are left out: they never override a key
 * that is assigned by name.
 */
export const readBoot = (host: HostReader): Boot => {
  const assignments = new Map<string, Assignment>();
  const contents = new Map<string, string>();
  for (const [name, file] of bootFiles(host)) {
    const content = readThrough(host, file);
    contents.set(file, content);
    for (const line of content.split('\n')) {
      const assignment = parseLine(line);
      if (assignment) assignments.set(assignment.key, { ...assignment, name, file });
    }
  }
  return { assignments, contents };
};
