/** A host in memory with as many resources as asked for, and the manifest that it is in sync with. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';

const MANIFEST = '/etc/phoenix/phoenix.yaml';
export const PHOENIX = '/opt/phoenix/bin/phoenix';

/** The mounts of this process, namespaces(7); `npm run bench` leaves its own here. */
export const ownMounts = (): string => readlinkSync('/proc/self/ns/mnt');
export const OUTSIDE = 'PHOENIX_BENCH_OUTSIDE';

/** Overlays on what phoenix and the tools it calls write to: for us alone. */
export const enterThrowAwayHost = (): void => {
  if ([undefined, ownMounts()].includes(process.env[OUTSIDE]))
    throw new Error('expected mounts of its own, found those of the machine; start it with `npm run bench`');
  const memory = '/mnt';
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0755,size=2g', 'tmpfs', memory]);
  for (const folder of ['/etc', '/var/lib']) {
    const name = folder.replaceAll('/', '_');
    for (const part of ['upper', 'work']) mkdirSync(`${memory}/${name}/${part}`, { recursive: true });
    const layers = `lowerdir=${folder},upperdir=${memory}/${name}/upper,workdir=${memory}/${name}/work`;
    execFileSync('mount', ['-t', 'overlay', '-o', layers, 'overlay', folder]);
  }
  for (const folder of ['/home', '/srv', '/var/log', '/opt'])
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0755', 'tmpfs', folder]);
  execFileSync('tar', ['-C', '/opt', '-xzf', 'dist/phoenix.tar.gz']);
};

type Kind = 'user' | 'file' | 'symlink' | 'directory' | 'package';

const installed = (): string[] =>
  execFileSync('dpkg-query', ['-W', '-f=${db:Status-Abbrev}${Package}\n'], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
    .split('\n')
    .flatMap((line) => (line.startsWith('ii ') ? [line.slice(3)] : []));

const entryOf = (kind: Kind, index: number, packages: readonly string[]): string => {
  switch (kind) {
    case 'user':
      return `- UnixUser: { name: bench${index}, uid: ${20_000 + index}, shell: /bin/sh, home: /home/bench${index}, comment: Number ${index} }`;
    case 'file':
      return `- File: { path: /srv/file${index}, mode: '0640', content: "line one of ${index}\\nline two\\n" }`;
    case 'symlink':
      return `- Symlink: { path: /srv/link${index}, target: file${index} }`;
    case 'directory':
      return `- Directory: { path: /srv/folder${index}, mode: '0750' }`;
    case 'package':
      return `- AptPackage: { name: ${packages[index] ?? ''} }`;
  }
};

/** Brings one resource about without phoenix. */
const make = (kind: Kind, index: number): void => {
  switch (kind) {
    case 'user':
      appendFileSync(
        '/etc/passwd',
        `bench${index}:x:${20_000 + index}:${20_000 + index}:Number ${index}:/home/bench${index}:/bin/sh\n`,
      );
      appendFileSync('/etc/shadow', `bench${index}:!:20000:0:99999:7:::\n`);
      appendFileSync('/etc/group', `bench${index}:x:${20_000 + index}:\n`);
      appendFileSync('/etc/gshadow', `bench${index}:!::\n`);
      mkdirSync(`/home/bench${index}`, { mode: 0o755 });
      return;
    case 'file':
      writeFileSync(`/srv/file${index}`, `line one of ${index}\nline two\n`);
      chmodSync(`/srv/file${index}`, 0o640);
      return;
    case 'symlink':
      symlinkSync(`file${index}`, `/srv/link${index}`);
      return;
    case 'directory':
      mkdirSync(`/srv/folder${index}`, { mode: 0o750 });
      return;
    case 'package':
  }
};

export interface Sizes {
  readonly kinds: readonly Kind[];
  readonly each: number;
}

/** Writes the manifest; returns how many resources it has. Packages are those that are installed, as far as they reach. */
export const writeManifest = ({ kinds, each }: Sizes): number => {
  const packages = installed();
  const entries = kinds.flatMap((kind) =>
    Array.from({ length: kind === 'package' ? Math.min(each, packages.length) : each }, (_, index) =>
      entryOf(kind, index, packages),
    ),
  );
  mkdirSync('/etc/phoenix', { recursive: true, mode: 0o700 });
  writeFileSync(
    MANIFEST,
    `version: 1\nresources:${entries.length === 0 ? ' []' : ''}\n${entries.join('\n')}\n`,
    { mode: 0o600 },
  );
  return entries.length;
};

export const makeAll = ({ kinds, each }: Sizes, from: number): void => {
  for (const kind of kinds) for (let index = from; index < each; index += 1) make(kind, index);
};
