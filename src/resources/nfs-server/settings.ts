/** Files of nfs.conf(5): what we write, and what the files have as a whole. */
import { VERSIONS } from '../../facts/nfsd.ts';
import type { HostReader } from '../../host/host.ts';
import type { Desired } from './schema.ts';

export const OUR_FILE = '/etc/nfs.conf.d/phoenix.conf';
const HEADER = '# managed by phoenix: NfsServer[nfs-server]\n';

/** `section.name`, both in small letters. */
type Settings = Readonly<Record<string, string>>;

const versionSettings = ({ versions }: Desired): Settings =>
  versions === undefined
    ? {}
    : {
        'nfsd.vers3': versions.includes('3') ? 'y' : 'n',
        'nfsd.vers4': versions.some((version) => version.startsWith('4')) ? 'y' : 'n',
        ...Object.fromEntries(
          VERSIONS.filter((version) => version.startsWith('4')).map((version) => [
            `nfsd.vers${version}`,
            versions.includes(version) ? 'y' : 'n',
          ]),
        ),
      };

const numbers = (settings: Readonly<Record<string, number | undefined>>): Settings =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

const settingsOf = (want: Desired): Settings => ({
  ...versionSettings(want),
  ...numbers({
    'nfsd.threads': want.threads,
    'mountd.port': want.ports.mountd,
    'statd.port': want.ports.statd,
    'lockd.port': want.ports.lockd,
    'lockd.udp-port': want.ports.lockd,
  }),
});

/** Undefined if nothing is declared: then there is no file. */
export const render = (want: Desired): string | undefined => {
  const settings = Object.entries(settingsOf(want));
  if (settings.length === 0) return undefined;
  const sections = new Map<string, string[]>();
  for (const [key, value] of settings) {
    const dot = key.indexOf('.');
    const lines = sections.get(key.slice(0, dot)) ?? [];
    lines.push(`${key.slice(dot + 1)}=${value}`);
    sections.set(key.slice(0, dot), lines);
  }
  return HEADER + [...sections].map(([name, lines]) => `\n[${name}]\n${lines.join('\n')}\n`).join('');
};

export const isWithoutV3 = (text: string | undefined): boolean => /^vers3=n$/m.test(text ?? '');

const parse = (content: string): Settings => {
  const settings: Record<string, string> = {};
  let section = '';
  for (const line of content.split('\n').map((text) => text.trim())) {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const heading = /^\[\s*([^\]"]*?)\s*\]/.exec(line)?.[1];
    if (heading !== undefined) section = heading.toLowerCase();
    else if (line.includes('=')) {
      const value = line.slice(line.indexOf('=') + 1).trim();
      settings[`${section}.${line.slice(0, line.indexOf('=')).trim().toLowerCase()}`] = value.replace(
        /^(["'])(.*)\1$/,
        '$2',
      );
    }
  }
  return settings;
};

const TRUE = new Set(['true', 't', 'yes', 'y', 'on', '1']);
const FALSE = new Set(['false', 'f', 'no', 'n', 'off', '0']);

/** A boolean has one spelling; of the values that we set only those of versions are. */
const normal = (key: string, value: string): string => {
  if (!key.startsWith('nfsd.vers')) return value;
  const word = value.toLowerCase();
  if (TRUE.has(word)) return 'y';
  return FALSE.has(word) ? 'n' : word;
};

/** What another file says otherwise, which is read after ours. */
export interface Override {
  readonly file: string;
  readonly key: string;
  readonly value: string;
}

/** Files are read in the order of their names (nfs.conf(5)). */
export const overridesOf = (host: HostReader, want: Desired): Override[] => {
  const wanted = settingsOf(want);
  const folder = '/etc/nfs.conf.d';
  const later = (host.readDirectory(folder) ?? []).filter(
    (name) => name.endsWith('.conf') && `${folder}/${name}` > OUR_FILE,
  );
  return later.flatMap((name) => {
    const file = `${folder}/${name}`;
    const settings = parse(host.readFile(file)?.toString() ?? '');
    return Object.entries(settings).flatMap(([key, value]) =>
      wanted[key] !== undefined && normal(key, value) !== wanted[key] ? [{ file, key, value }] : [],
    );
  });
};
