import { present, readEach, type Reading } from '../../engine/reading.ts';
import { isMountPoint } from '../../facts/mount-point.ts';
import { proxmoxHost } from '../../facts/proxmox.ts';
import type { HostReader } from '../../host/host.ts';
import type { Desired } from './schema.ts';
import { parseSections, type Section } from './section-config.ts';

const CONFIG = '/etc/pve/storage.cfg';

export interface Actual {
  readonly isProxmox: boolean;
  readonly section?: Section;
  /** Against the declared one; the password itself is never part of a reading. */
  readonly password: 'undeclared' | 'same' | 'differs';
  /** Of a directory: whether it is a mount point now. */
  readonly isMounted?: boolean;
  /** Guests and jobs that name it; only looked for where it is to go. */
  readonly users: readonly string[];
}

export const passwordPath = (id: string): string => `/etc/pve/priv/storage/${id}.pw`;

/** As Proxmox VE writes it, which is what mount.cifs(8) reads. */
export const passwordText = (password: string): string => `password=${password}\n`;

/** Every storage that is defined. `local` is there without being written (pvesm(1)). */
export const sections = (host: HostReader): ReadonlyMap<string, Section> => {
  const found = parseSections(host.readFile(CONFIG)?.toString() ?? '');
  if (found.has('local')) return found;
  const properties = {
    path: '/var/lib/vz',
    content: 'backup,images,iso,rootdir,snippets,vztmpl',
    'prune-backups': 'keep-all=1',
  };
  return new Map([...found, ['local', { type: 'dir', id: 'local', properties }]]);
};

const comparePassword = (host: HostReader, want: Desired): Actual['password'] => {
  if (want.password === undefined || want.ensure === 'absent') return 'undeclared';
  const password = host.secret(want.password).reveal();
  if (password === '' || /[\0\n\r]/.test(password))
    throw new Error('the password is empty, or more than one line');
  return host.readFile(passwordPath(want.id))?.toString() === passwordText(password) ? 'same' : 'differs';
};

const ID_END = '(?![A-Za-z0-9._-])';
const escaped = (text: string): string => text.replace(/[.]/g, '\\$&');

/** A volume is `ID:name`, behind the colon of its key, or as a value of `file=` or `volume=`. */
const namesVolume = (text: string, id: string): boolean =>
  text
    .split('\n')
    .some((line) => !line.startsWith('#') && new RegExp(`(?:^|[\\s,=])${escaped(id)}:\\S`).test(line));

const guestFiles = (host: HostReader): string[] =>
  (host.readDirectory('/etc/pve/nodes') ?? []).flatMap((node) =>
    ['qemu-server', 'lxc'].flatMap((kind) => {
      const folder = `/etc/pve/nodes/${node}/${kind}`;
      return (host.readDirectory(folder) ?? [])
        .filter((name) => name.endsWith('.conf'))
        .map((name) => `${folder}/${name}`);
    }),
  );

const usersOf = (host: HostReader, id: string): string[] => {
  const guests = guestFiles(host).filter((path) => namesVolume(host.readFile(path)?.toString() ?? '', id));
  const jobs = host.readFile('/etc/pve/jobs.cfg')?.toString() ?? '';
  const inJob = new RegExp(`^\\s+storage\\s+${escaped(id)}${ID_END}`, 'm').test(jobs);
  return [...guests, ...(inJob ? ['/etc/pve/jobs.cfg'] : [])];
};

const readOne = (host: HostReader, known: ReadonlyMap<string, Section>, want: Desired): Reading<Actual> => {
  const section = known.get(want.id);
  const isMounted =
    want.type === 'dir' && want.path !== undefined ? isMountPoint(host, want.path) : undefined;
  return present<Actual>({
    isProxmox: true,
    ...(section === undefined ? {} : { section }),
    password: comparePassword(host, want),
    ...(isMounted === undefined ? {} : { isMounted }),
    users: want.ensure === 'absent' && section !== undefined ? usersOf(host, want.id) : [],
  });
};

export const read = (host: HostReader, all: readonly Desired[]): ReadonlyMap<string, Reading<Actual>> => {
  const isProxmox = proxmoxHost(host) === 'ready';
  const known = isProxmox ? sections(host) : new Map<string, Section>();
  return readEach(
    all,
    (want) => want.id,
    (want) =>
      isProxmox
        ? readOne(host, known, want)
        : present<Actual>({ isProxmox, password: 'undeclared', users: [] }),
  );
};
