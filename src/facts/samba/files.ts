/** The files of the configuration: that of the distribution, and the one that it includes, which is ours. */
import type { HostReader } from '../../host/host.ts';
import { includesOf, sameName, sectionsOf, type Section } from './sections.ts';

export const MAIN = '/etc/samba/smb.conf';
export const OURS = '/etc/samba/phoenix.conf';

/** Where something stands in a file. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface SambaFiles {
  readonly main: string;
  /** Sections of our file, in their order. */
  readonly own: readonly Section[];
  /** Where others define a section, by its name in lower case. */
  readonly foreign: ReadonlyMap<string, Place>;
}

const MARK = '# managed by phoenix: keep this line the last, or settings below it are lost';
const INCLUDE_LINE = `include = ${OURS}`;

const isOurs = (line: string): boolean =>
  line.trim() === MARK || new RegExp(`^\\s*include\\s*=\\s*${OURS}\\s*$`, 'i').test(line);

/** The text without the line that includes our file. */
export const withoutInclude = (main: string): string =>
  main
    .split('\n')
    .filter((line) => !isOurs(line))
    .join('\n');

/**
 * The text with the line at its end. There our [global] comes after all others, and no line of theirs comes after ours:
 * what follows an include belongs to the last section of the included file.
 */
export const withInclude = (main: string, line: string = INCLUDE_LINE): string => {
  const rest = withoutInclude(main);
  return `${rest}${rest === '' || rest.endsWith('\n') ? '' : '\n'}${MARK}\n${line}\n`;
};

export type Include = 'last' | 'not last' | 'missing';

export const includeIn = (main: string): Include => {
  const lines = main.split('\n');
  const at = lines.findIndex((line) => isOurs(line) && line.trim() !== MARK);
  if (at === -1) return 'missing';
  return lines.slice(at + 1).every((line) => /^\s*([#;].*)?$/.test(line)) ? 'last' : 'not last';
};

const contentOf = (host: HostReader, file: string): string => host.readFile(file)?.toString() ?? '';

/** Files whose name depends on the client (`%m`) are passed over, and so are those that are not there. */
const findForeign = (
  host: HostReader,
  file: string,
  text: string,
  found: Map<string, Place>,
  seen: Set<string>,
) => {
  seen.add(file);
  for (const { name, line, lines } of sectionsOf(text)) {
    if (!found.has(sameName(name))) found.set(sameName(name), { file, line });
    for (const next of includesOf(lines))
      if (next.startsWith('/') && next !== OURS && !seen.has(next))
        findForeign(host, next, contentOf(host, next), found, seen);
  }
};

export const readSambaFiles = (host: HostReader): SambaFiles => {
  const main = contentOf(host, MAIN);
  const foreign = new Map<string, Place>();
  findForeign(host, MAIN, main, foreign, new Set());
  return { main, own: sectionsOf(contentOf(host, OURS)), foreign };
};

/** Of two sections of one name Samba has both: so have we. */
export const ownLines = ({ own }: Pick<SambaFiles, 'own'>, name: string): readonly string[] | undefined => {
  const sections = own.filter((section) => sameName(section.name) === sameName(name));
  return sections.length === 0 ? undefined : sections.flatMap(({ lines }) => lines);
};

const HEADER =
  '# managed by phoenix: SambaServer and SambaShare. Shares and settings of your own belong in smb.conf\n';

/** The sections of our file with one more, changed or gone; [global] comes first. */
export const withSection = (
  own: readonly Section[],
  name: string,
  lines: readonly string[] | undefined,
): readonly Section[] => {
  const at = own.findIndex((section) => sameName(section.name) === sameName(name));
  const others = own.filter((section) => sameName(section.name) !== sameName(name));
  const index = name === 'global' ? 0 : at === -1 ? others.length : at;
  return lines === undefined ? others : others.toSpliced(index, 0, { name, line: 0, lines });
};

export const textOf = (own: readonly Section[]): string =>
  HEADER +
  own.map(({ name, lines }) => `\n[${name}]\n${lines.map((line) => `\t${line}\n`).join('')}`).join('');
