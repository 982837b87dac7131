/** The sources that apt has, of both formats, as sources.list(5) describes them (apt 2.6, 3.0). */
import { z } from 'zod';
import type { HostReader } from '../../host/host.ts';

const SOURCES = '/etc/apt/sources.list.d';
export const KEYRINGS = '/etc/apt/keyrings';
const MAIN = '/etc/apt/sources.list';

/** apt passes over files with other characters in their names. */
export const aptName = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'expected a name of letters, digits, `_`, `.` and `-`');

export const keyPath = (name: string): string => `${KEYRINGS}/${name}.asc`;
export const sourcePath = (name: string): string => `${SOURCES}/${name}.sources`;

/** One suite at one address. */
export interface SourceEntry {
  readonly file: string;
  /** Where it begins, from 1. */
  readonly line: number;
  readonly types: readonly string[];
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  readonly signedBy?: string;
  readonly enabled: boolean;
}

/** One spelling: apt takes a slash at the end or leaves it. */
export const normalUri = (uri: string): string => uri.replace(/\/+$/, '');

const words = (text: string | undefined): string[] => (text ?? '').split(/\s+/).filter((word) => word !== '');

const LIST_LINE = /^\s*(deb|deb-src)\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s*([^#]*)/;

const parseList = (file: string, text: string): SourceEntry[] =>
  text.split('\n').flatMap((raw, index) => {
    const [, type, options, uri, suite, components] = LIST_LINE.exec(raw) ?? [];
    if (type === undefined || uri === undefined || suite === undefined) return [];
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options ?? '')?.[1];
    return [
      {
        file,
        line: index + 1,
        types: [type],
        uri: normalUri(uri),
        suite,
        components: words(components),
        ...(signedBy === undefined ? {} : { signedBy }),
        enabled: true,
      },
    ];
  });

/** A paragraph of deb822(5): its fields in lower case, and the line that it begins in. */
export interface Stanza {
  readonly line: number;
  /** One past its last line. */
  readonly end: number;
  readonly fields: ReadonlyMap<string, string>;
}

export const stanzasOf = (text: string): Stanza[] => {
  const stanzas: { line: number; end: number; fields: Map<string, string> }[] = [];
  let open: (typeof stanzas)[number] | undefined;
  let field = '';
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.startsWith('#')) continue;
    if (raw.trim() === '') {
      open = undefined;
      continue;
    }
    const [, name, value = ''] = /^([^\s:]+):\s*(.*)$/.exec(raw) ?? [];
    if (open === undefined) stanzas.push((open = { line: index + 1, end: index + 1, fields: new Map() }));
    open.end = index + 1;
    if (name !== undefined) open.fields.set((field = name.toLowerCase()), value);
    else open.fields.set(field, `${open.fields.get(field) ?? ''}\n${raw}`);
  }
  return stanzas;
};

export const isEnabled = (value: string | undefined): boolean =>
  !['no', 'false', 'without', 'off', 'disable', '0'].includes((value ?? 'yes').trim().toLowerCase());

const parseSources = (file: string, text: string): SourceEntry[] =>
  stanzasOf(text).flatMap(({ line, fields }) => {
    const signedBy = fields.get('signed-by')?.trim();
    const shared = {
      file,
      line,
      types: words(fields.get('types')),
      components: words(fields.get('components')),
      ...(signedBy === undefined ? {} : { signedBy }),
      enabled: isEnabled(fields.get('enabled')),
    };
    return words(fields.get('uris')).flatMap((uri) =>
      words(fields.get('suites')).map((suite) => ({ ...shared, uri: normalUri(uri), suite })),
    );
  });

export interface AptSources {
  readonly entries: readonly SourceEntry[];
  /** By path: what each file has. */
  readonly texts: ReadonlyMap<string, string>;
}

export const entriesIn = (file: string, text: string): SourceEntry[] =>
  file.endsWith('.sources') ? parseSources(file, text) : parseList(file, text);

const isRead = (name: string): boolean => /^[A-Za-z0-9_.-]+\.(?:list|sources)$/.test(name);

export const readAptSources = (host: HostReader): AptSources => {
  const files = [
    MAIN,
    ...(host.readDirectory(SOURCES) ?? []).filter(isRead).map((name) => `${SOURCES}/${name}`),
  ];
  const texts = new Map<string, string>();
  for (const file of files) {
    const text = host.lstat(file)?.type === 'file' ? host.readFile(file)?.toString() : undefined;
    if (text !== undefined) texts.set(file, text);
  }
  return { entries: [...texts].flatMap(([file, text]) => entriesIn(file, text)), texts };
};
