/** Addresses and gateway of one family, wherever they stand in the lines of an interface. */
import { familyOf, normalCidr, type Family } from '../../facts/ip-address.ts';
import {
  ended,
  endOf,
  familyOfHeader,
  headersOf,
  indentOf,
  keyOf,
  optionsOf,
  parse,
  textOf,
  valueOf,
  without,
  type Item,
} from './interfaces-file.ts';
import type { WantedFamily } from './schema.ts';

interface Found {
  readonly items: readonly Item[];
  readonly headers: readonly Item[];
  readonly options: readonly Item[];
}

const findIn = (text: string, name: string): Found => {
  const items = parse(text);
  const headers = headersOf(items, name);
  return { items, headers, options: headers.flatMap((header) => optionsOf(items, header.line)) };
};

const ofFamily = ({ options }: Found, key: string, family: Family): Item[] =>
  options.filter((item) => keyOf(item) === key && familyOf(valueOf(item)) === family);

/** An address without a prefix has its mask on a line of its own. */
const cidrIn = (options: readonly Item[], address: Item): string => {
  const mask = options.find((item) => keyOf(item) === 'netmask' && item.stanza === address.stanza);
  return normalCidr(valueOf(address), mask && valueOf(mask));
};

/** The first is the primary one; the others have no order. */
const sameAddresses = (found: readonly string[], wanted: readonly string[]): boolean =>
  found.length === wanted.length && found[0] === wanted[0] && wanted.every((one) => found.includes(one));

/** Lines that say the same as an address, and would be wrong beside another one. */
const COMPANIONS: ReadonlySet<string> = new Set(['netmask', 'broadcast', 'network']);

const companions = ({ options }: Found, addresses: readonly Item[]): Item[] =>
  options.filter(
    (item) => COMPANIONS.has(keyOf(item)) && addresses.some(({ stanza }) => stanza === item.stanza),
  );

interface Edit {
  readonly drop: readonly Item[];
  readonly add: readonly string[];
}

const addressEdit = (found: Found, family: Family, want: WantedFamily): Edit => {
  const lines = ofFamily(found, 'address', family);
  const have = lines.map((item) => cidrIn(found.options, item));
  if (
    sameAddresses(
      have,
      want.addresses.map((one) => normalCidr(one)),
    )
  )
    return { drop: [], add: [] };
  return {
    drop: [...lines, ...companions(found, lines)],
    add: want.addresses.map((one) => `address ${one}`),
  };
};

const gatewayEdit = (found: Found, family: Family, { gateway }: WantedFamily): Edit => {
  const lines = ofFamily(found, 'gateway', family);
  const [first, ...others] = lines.map((item) => normalCidr(valueOf(item)));
  if (others.length === 0 && first === (gateway && normalCidr(gateway))) return { drop: [], add: [] };
  return { drop: lines, add: gateway === undefined ? [] : [`gateway ${gateway}`] };
};

const headerLine = (name: string, family: Family, method: string, rest: readonly string[] = []): string =>
  `${['iface', name, family, method, ...rest].join(' ')}\n`;

/** The addresses come first, where they are looked for; a gateway after them. */
const apply = (found: Found, edit: Edit, header: Item, headerText: string | undefined): string => {
  const indent = indentOf(found.items, header.line);
  const addresses = edit.add.filter((one) => one.startsWith('address '));
  const gateways = edit.add.filter((one) => one.startsWith('gateway '));
  const kept = optionsOf(found.items, header.line).filter((item) => !edit.drop.includes(item));
  const last = addresses.length > 0 ? undefined : kept.findLast((item) => keyOf(item) === 'address');
  const written = (all: readonly string[]): string => all.map((one) => `${indent}${one}\n`).join('');
  return found.items
    .map((item) => {
      if (item === header) {
        const head = headerText ?? item.raw;
        const below = last === undefined ? [...addresses, ...gateways] : addresses;
        return below.length === 0 ? head : ended(head) + written(below);
      }
      if (edit.drop.includes(item)) return '';
      return item === last && gateways.length > 0 ? ended(item.raw) + written(gateways) : item.raw;
    })
    .join('');
};

const headerTextFor = (header: Item, name: string, family: Family, method: string): string | undefined =>
  header.words[3] === method || (header.words.length < 4 && method !== 'dhcp')
    ? undefined
    : headerLine(name, family, method, header.words.slice(4));

/** Right below what the interface has already, with the remarks that stand there. */
const withNewStanza = (
  text: string,
  name: string,
  family: Family,
  want: WantedFamily,
  lines: string,
): string => {
  const { items, headers } = findIn(text, name);
  const end = endOf(items, headers.at(-1)?.line ?? 0);
  const raw = `\n${headerLine(name, family, want.method)}${lines}`;
  const before = items.slice(0, end + 1);
  return ended(textOf(before)) + raw + textOf(items.slice(end + 1));
};

const mergeEdits = (...edits: readonly Edit[]): Edit => ({
  drop: edits.flatMap(({ drop }) => drop),
  add: edits.flatMap(({ add }) => add),
});

/** Nothing is left of it but its first line. */
const isEmptied = (found: Found, header: Item, { drop, add }: Edit): boolean =>
  add.length === 0 && optionsOf(found.items, header.line).every((item) => drop.includes(item));

export const withFamily = (text: string, name: string, family: Family, want: WantedFamily): string => {
  const found = findIn(text, name);
  const edit = mergeEdits(addressEdit(found, family, want), gatewayEdit(found, family, want));
  const header = found.headers.find((one) => familyOfHeader(one) === family);
  if (header === undefined) {
    const rest = textOf(found.items.filter((item) => !edit.drop.includes(item)));
    if (want.method === 'manual' || isWithin(found, family, want, edit)) return rest;
    return withNewStanza(rest, name, family, want, edit.add.map((one) => `\t${one}\n`).join(''));
  }
  const superfluous = want.method === 'manual' && family === 'inet6' && found.headers.length > 1;
  if (superfluous && isEmptied(found, header, edit))
    return textOf(without(found.items, new Set([header, ...edit.drop])));
  return apply(found, edit, header, headerTextFor(header, name, family, want.method));
};

/** ifupdown2 takes IPv6 addresses among those of IPv4 as well. */
const isWithin = (found: Found, family: Family, want: WantedFamily, edit: Edit): boolean =>
  want.method === 'static' &&
  edit.drop.length + edit.add.length === 0 &&
  ofFamily(found, 'address', family).length > 0;
