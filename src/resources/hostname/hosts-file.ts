/** Puts the host's own name into hosts(5), and leaves every line that is not about it byte for byte. */
import { isLoopback, isSameFamily, normalAddress } from './address.ts';

export interface Naming {
  readonly name: string;
  /** Without one, that of the line that has the name now is kept. */
  readonly domain?: string | undefined;
  readonly address: string;
  /** The name is to stand for this address alone, of its family: not for a loopback address besides. */
  readonly exclusive: boolean;
  /** Names that the host had before. */
  readonly old: readonly string[];
}

interface Line {
  readonly raw: string;
  readonly address: string;
  readonly names: readonly string[];
  readonly comment: string;
}

const parseLine = (raw: string): Line => {
  const hash = raw.indexOf('#');
  const [address = '', ...names] = (hash === -1 ? raw : raw.slice(0, hash)).trim().split(/\s+/);
  return { raw, address: normalAddress(address), names, comment: hash === -1 ? '' : raw.slice(hash) };
};

const isOrIsBelow = (name: string, label: string): boolean =>
  name.toLowerCase() === label || name.toLowerCase().startsWith(`${label}.`);

const labelsOf = ({ name, old }: Pick<Naming, 'name' | 'old'>): string[] => [name, ...old];

/** A line is about this host if it has its name, or an old one, as a whole word. */
const isOwn = (line: Line, naming: Pick<Naming, 'name' | 'old' | 'domain'>): boolean =>
  line.names.some((word) =>
    labelsOf(naming).some(
      (label) =>
        word.toLowerCase() === label ||
        (naming.domain !== undefined && word.toLowerCase() === `${label}.${naming.domain}`),
    ),
  );

const domainIn = (lines: readonly Line[], naming: Naming): string | undefined => {
  for (const word of lines.flatMap(({ names }) => names))
    for (const label of labelsOf(naming))
      if (word.toLowerCase().startsWith(`${label}.`)) return word.slice(label.length + 1);
  return undefined;
};

/** The line of the address itself knows best. */
const domainOf = (own: readonly Line[], naming: Naming): string | undefined =>
  naming.domain ??
  domainIn(
    own.filter(({ address }) => address === normalAddress(naming.address)),
    naming,
  ) ??
  domainIn(own, naming);

const withComment = (text: string, comment: string): string => [text, comment].filter(Boolean).join(' ');

const hasOldName = (line: Line, { old }: Naming): boolean =>
  line.names.some((word) => old.some((label) => isOrIsBelow(word, label)));

const isFine = (line: Line, canonical: string, naming: Naming): boolean =>
  line.names[0]?.toLowerCase() === canonical.toLowerCase() &&
  line.names.some((word) => word.toLowerCase() === naming.name) &&
  !hasOldName(line, naming);

const foreignNames = (line: Line, naming: Naming): string[] =>
  line.names.filter((word) => !labelsOf(naming).some((label) => isOrIsBelow(word, label)));

const ownNames = (canonical: string, { name }: Naming): string[] =>
  canonical === name ? [name] : [canonical, name];

const rebuilt = (line: Line, canonical: string, naming: Naming): string =>
  withComment(
    `${line.address}\t${[...ownNames(canonical, naming), ...foreignNames(line, naming)].join(' ')}`,
    line.comment,
  );

/** Nothing if no other name is left; a comment stays in any case. */
const stripped = (line: Line, naming: Naming): string[] => {
  const names = foreignNames(line, naming);
  const text = names.length === 0 ? '' : `${line.address}\t${names.join(' ')}`;
  const kept = withComment(text, line.comment);
  return kept === '' ? [] : [kept];
};

/** 127.0.0.1 is always `localhost`: with our name beside, `hostname --fqdn` would answer that. */
const isStale = (line: Line, naming: Naming): boolean => {
  if (line.address === normalAddress(naming.address)) return false;
  if (!naming.exclusive) return line.address === '127.0.0.1';
  return isLoopback(line.address) || isSameFamily(line.address, naming.address);
};

/** Where the name stands now, or else after localhost. */
const placeFor = (lines: readonly Line[], own: readonly Line[]): number => {
  const [first] = own;
  if (first !== undefined) return lines.indexOf(first) + (first.address === '127.0.0.1' ? 1 : 0);
  const localhost = lines.findLastIndex(({ address }) => address === '127.0.0.1');
  return localhost === -1 ? lines.length : localhost + 1;
};

const linesOf = (text: string): Line[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map(parseLine);
};

/** The same text, unless something about our own name is wrong. */
export const editHosts = (text: string, naming: Naming): string => {
  const lines = linesOf(text);
  const own = lines.filter((line) => isOwn(line, naming));
  const domain = domainOf(own, naming);
  const canonical = domain === undefined ? naming.name : `${naming.name}.${domain}`;
  const target = own.find(({ address }) => address === normalAddress(naming.address));

  const edit = (line: Line): string[] => {
    if (!own.includes(line)) return [line.raw];
    if (isStale(line, naming)) return stripped(line, naming);
    if (line !== target && !hasOldName(line, naming)) return [line.raw];
    return [isFine(line, canonical, naming) ? line.raw : rebuilt(line, canonical, naming)];
  };

  const place = target === undefined ? placeFor(lines, own) : -1;
  const added = `${naming.address}\t${ownNames(canonical, naming).join(' ')}`;
  const edited = [
    ...lines.flatMap((line, index) => (index === place ? [added, ...edit(line)] : edit(line))),
    ...(place === lines.length ? [added] : []),
  ];
  return edited.length === lines.length && edited.every((line, index) => line === lines[index]?.raw)
    ? text
    : `${edited.join('\n')}\n`;
};

/** The address that the name stands for now: of the host itself, or the one that Debian gives every host (127.0.1.1). */
export const addressOfName = (
  text: string,
  naming: Pick<Naming, 'name' | 'old' | 'domain'>,
  loopback: 'no loopback' | 'or 127.0.1.1',
): string | undefined =>
  linesOf(text).find(
    (line) =>
      isOwn(line, naming) &&
      (!isLoopback(line.address) || (loopback === 'or 127.0.1.1' && line.address === '127.0.1.1')),
  )?.address;
