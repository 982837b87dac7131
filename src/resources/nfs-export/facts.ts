import type { CommandFact } from '../../host/host.ts';

/** A filesystem of ZFS that could be mounted. */
export interface ZfsFilesystem {
  readonly name: string;
  readonly mountpoint: string;
  readonly mounted: boolean;
}

const parseFilesystem = (line: string): ZfsFilesystem[] => {
  const [name, mountpoint, mounted, canmount] = line.split('\t');
  if (name === undefined || mountpoint === undefined || mounted === undefined || canmount === undefined)
    throw new Error(`zfs list: not the line that was asked for: "${line}"`);
  // `none`, `legacy`, or what shall never be mounted
  if (!mountpoint.startsWith('/') || canmount === 'off') return [];
  return [{ name, mountpoint, mounted: mounted === 'yes' }];
};

/**
 * Four columns of each, and not all properties of all datasets, which the kinds of ZFS read: a host may have thousands of
 * which no export knows. Code 1 and no module: then no pool is imported either.
 */
export const zfsFilesystems: CommandFact<readonly ZfsFilesystem[]> = {
  name: 'zfs-filesystems',
  command: {
    program: 'zfs',
    args: ['list', '-H', '-p', '-t', 'filesystem', '-o', 'name,mountpoint,mounted,canmount'],
    okCodes: [0, 1],
    maxOutput: 16 * 1024 * 1024,
  },
  absent: [],
  parse(stdout, { code, stderr }) {
    if (code !== 0 && !/modules? (?:are|is)? ?not loaded|cannot be auto-loaded/i.test(stderr))
      throw new Error(`zfs list: exit code ${code}: ${stderr.trim()}`);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .flatMap(parseFilesystem);
  },
};

/** By each name that a host has, its canonical one. Names that nobody knows are left out (code 2). */
export const canonicalNames = (names: readonly string[]): CommandFact<ReadonlyMap<string, string>> => ({
  name: `getent hosts ${names.join(' ')}`,
  command: { program: 'getent', args: ['hosts', ...names], okCodes: [0, 2], timeout: 30_000 },
  absent: new Map(),
  parse: (stdout) =>
    new Map(
      stdout.split('\n').flatMap((line) => {
        const [, canonical = '', ...aliases] = line.split(/\s+/);
        return [canonical, ...aliases].map((name) => [name.toLowerCase(), canonical.toLowerCase()] as const);
      }),
    ),
});
