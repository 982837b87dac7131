/** The words of interfaces(5) that phoenix writes, and one spelling for each. */
import { z } from 'zod';
import { normalCidr } from '../../facts/ip-address.ts';

/** IFNAMSIZ leaves 15 characters. An alias (`eth0:1`) is no interface, and lo is nobody's to change. */
export const interfaceName = z
  .string()
  .regex(
    /^(?!lo$)[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/,
    'expected the name of an interface, at most 15 letters, digits, `_`, `.` and `-`; lo is left alone',
  );

/** In the order of the kernel's numbers. */
export const BOND_MODES = [
  'balance-rr',
  'active-backup',
  'balance-xor',
  'broadcast',
  '802.3ad',
  'balance-tlb',
  'balance-alb',
] as const;

export const HASH_POLICIES = ['layer2', 'layer2+3', 'layer3+4', 'encap2+3', 'encap3+4'] as const;

/** Ports that a hypervisor attaches for its guests and containers: never ours to add or to take away. */
export const GUEST_PORTS = '^(tap|veth|fwpr|fwln|vnet)';
export const isGuestPort = (name: string): boolean => new RegExp(GUEST_PORTS).test(name);

/** vmbr0.7 is VLAN 7 on vmbr0. */
export const impliedVlan = (name: string): { device: string; id: number } | undefined => {
  const [, device, id] = /^(.+)\.([1-9]\d{0,3})$/.exec(name) ?? [];
  return device === undefined || Number(id) > 4094 ? undefined : { device, id: Number(id) };
};

/** Older spellings, and with an underscore. */
const ALIASES: Readonly<Record<string, string>> = {
  slaves: 'bond-slaves',
  'dns-nameserver': 'dns-nameservers',
  'dns-domain': 'dns-search',
  'vlan-device': 'vlan-raw-device',
};

export const normalKey = (key: string): string => {
  const dashed = key.replaceAll('_', '-');
  return ALIASES[dashed] ?? dashed;
};

/** Said by fields of the manifest: they cannot be `options` besides. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  'address',
  'netmask',
  'gateway',
  'mtu',
  'dns-nameservers',
  'dns-search',
  'bridge-ports',
  'bridge-stp',
  'bridge-fd',
  'bridge-vlan-aware',
  'bridge-vids',
  'bond-slaves',
  'bond-mode',
  'bond-miimon',
  'bond-xmit-hash-policy',
  'bond-primary',
  'vlan-id',
  'vlan-raw-device',
  'link-type',
]);

/** Words that would begin something else in the file. */
const KEYWORDS =
  /^(iface|auto|allow-.*|mapping|source|source-directory|vlan|rename|template|no-auto-down|no-scripts)$/;

export const optionName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]*$/, 'expected an option of interfaces(5), such as post-up')
  .refine((name) => !KEYWORDS.test(name), 'expected an option, not a word that begins a section of its own')
  .refine((name) => !OWN_KEYS.has(normalKey(name)), 'a field of the manifest says this: use that one');

type Range = readonly [number, number];

const rangesOf = (text: string): Range[] =>
  text
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map((word) => {
      const [from, to = from] = word.split('-');
      return [Number(from), Number(to)] as const;
    });

export const isVids = (text: string): boolean =>
  /^\d+(?:-\d+)?(?:[\s,]+\d+(?:-\d+)?)*$/.test(text) &&
  rangesOf(text).every(([from, to]) => from >= 1 && from <= to && to <= 4094);

/** `2 3 4,10-12` is `2-4 10-12`. */
const normalVids = (text: string): string => shortest(rangesOf(text));

/** Without VLAN 1, which every port of a bridge has by itself. */
export const vidsBeyondFirst = (text: string): string =>
  shortest(
    rangesOf(text)
      .map(([from, to]): Range => [Math.max(2, from), to])
      .filter(([from, to]) => from <= to),
  );

const shortest = (ranges: readonly Range[]): string => {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges].sort(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(' ');
};

export const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

const asSet = (text: string): string =>
  words(text)
    .filter((word) => word !== 'none')
    .sort()
    .join(' ');

const asSwitch = (text: string): string => {
  if (/^(on|yes|1|true)$/i.test(text)) return 'yes';
  return /^(off|no|0|false)$/i.test(text) ? 'no' : text;
};

const NORMAL: Readonly<Record<string, (value: string) => string>> = {
  gateway: (value) => normalCidr(value),
  'bridge-ports': asSet,
  'bond-slaves': asSet,
  'bridge-stp': asSwitch,
  'bridge-vlan-aware': asSwitch,
  'bridge-vids': (value) => (isVids(value) ? normalVids(value) : value),
  'bridge-fd': (value) => String(Number(value)),
  'bond-mode': (value) => (/^[0-6]$/.test(value) ? (BOND_MODES[Number(value)] ?? value) : value),
  'dns-nameservers': (value) =>
    words(value)
      .map((one) => normalCidr(one))
      .join(' '),
};

/** One spelling of the value of an option, for comparing. */
export const normalValue = (key: string, value: string): string => {
  const text = words(value).join(' ');
  return NORMAL[key]?.(text) ?? text;
};
