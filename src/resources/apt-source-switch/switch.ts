/** Switches entries of an apt source in a file of others, and leaves every other line byte for byte. */
import { entriesIn, isEnabled, normalUri, stanzasOf, type Stanza } from '../../facts/apt/sources.ts';

export interface Switched {
  readonly text: string;
  /** Entries for the address, whether or not something had to change. */
  readonly found: number;
  /** A paragraph that has other addresses, too, which would go along; by its line. */
  readonly shared?: number;
}

const isBelow = (uri: string, address: string): boolean => {
  const wanted = normalUri(address);
  return normalUri(uri) === wanted || normalUri(uri).startsWith(`${wanted}/`);
};

const COMMENTED = /^\s*#\s*(?:phoenix: )?(deb(?:-src)?\s.*)$/;

const switchList = (text: string, address: string, enabled: boolean): Switched => {
  let found = 0;
  const lines = text.split('\n').map((line) => {
    const commented = COMMENTED.exec(line)?.[1];
    const [entry] = entriesIn('x.list', commented ?? line);
    if (entry === undefined || !isBelow(entry.uri, address)) return line;
    found += 1;
    if (commented === undefined) return enabled ? line : `# phoenix: ${line}`;
    return enabled ? commented : line;
  });
  return { text: lines.join('\n'), found };
};

const urisOf = ({ fields }: Stanza): string[] =>
  (fields.get('uris') ?? '').split(/\s+/).filter((uri) => uri !== '');

const withEnabled = (lines: readonly string[], { line, end, fields }: Stanza, enabled: boolean): string[] => {
  if (isEnabled(fields.get('enabled')) === enabled) return lines.slice(line - 1, end);
  const rest = lines.slice(line - 1, end).filter((text) => !/^enabled:/i.test(text));
  return enabled ? rest : ['Enabled: no', ...rest];
};

const switchSources = (text: string, address: string, enabled: boolean): Switched => {
  const lines = text.split('\n');
  const stanzas = stanzasOf(text).filter((stanza) => urisOf(stanza).some((uri) => isBelow(uri, address)));
  const shared = stanzas.find(
    (stanza) =>
      isEnabled(stanza.fields.get('enabled')) !== enabled &&
      !urisOf(stanza).every((uri) => isBelow(uri, address)),
  );
  if (shared !== undefined) return { text, found: stanzas.length, shared: shared.line };
  for (const stanza of stanzas.toReversed())
    lines.splice(stanza.line - 1, stanza.end - stanza.line + 1, ...withEnabled(lines, stanza, enabled));
  return { text: lines.join('\n'), found: stanzas.length };
};

export const switchIn = (file: string, text: string, address: string, enabled: boolean): Switched =>
  file.endsWith('.sources') ? switchSources(text, address, enabled) : switchList(text, address, enabled);
