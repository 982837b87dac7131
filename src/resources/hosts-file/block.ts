/** Our own block in hosts(5); every line outside it stays byte for byte. */

const BEGIN = '# BEGIN phoenix: HostsFile[system]';
const END = '# END phoenix: HostsFile[system]';

export interface Hosts {
  readonly before: readonly string[];
  /** What stands between the marks; undefined where there is no block. */
  readonly block?: readonly string[];
  readonly after: readonly string[];
  /** A mark without the other, by its line. */
  readonly torn?: number;
}

const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

export const parseHosts = (text: string): Hosts => {
  const lines = linesOf(text);
  const begin = lines.indexOf(BEGIN);
  const end = lines.indexOf(END);
  if (begin === -1 && end === -1) return { before: lines, after: [] };
  const extra = lines.findIndex(
    (line, index) => (line === BEGIN && index !== begin) || (line === END && index !== end),
  );
  if (begin === -1 || end < begin || extra !== -1)
    return { before: lines, after: [], torn: (extra === -1 ? Math.max(begin, end) : extra) + 1 };
  return { before: lines.slice(0, begin), block: lines.slice(begin + 1, end), after: lines.slice(end + 1) };
};

/** With the block where it stands, or else at the end; without it if there are no lines for it. */
export const withBlock = ({ before, after }: Hosts, lines: readonly string[] | undefined): string => {
  const block = lines === undefined ? [] : [BEGIN, ...lines, END];
  const all = [...before, ...block, ...after];
  return all.length === 0 ? '' : `${all.join('\n')}\n`;
};
