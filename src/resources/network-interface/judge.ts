/** What cannot be right together: each interface beside the others, in the manifest, in files and on the host. */
import { normalCidr } from '../../facts/ip-address.ts';
import type { Tool } from './actual.ts';
import type { Link } from './facts.ts';
import { INTERFACES, type Definition } from './interfaces-file.ts';
import type { Desired } from './schema.ts';
import type { Foreign } from './sources.ts';
import { addressesOf, FAMILIES, gatewayOf, membersOf, methodOf, typeOf, vlanOf } from './want.ts';
import { familyOf } from '../../facts/ip-address.ts';
import { isGuestPort, words } from './words.ts';

export interface Surroundings {
  readonly tool: Tool;
  readonly all: readonly Desired[];
  readonly links: readonly Link[];
  /** In the file itself. */
  readonly own: readonly Definition[];
  /** In files that it takes in. */
  readonly sourced: readonly Foreign[];
}

const MANAGED_METHODS: ReadonlySet<string> = new Set(['static', 'manual', 'dhcp']);
const VIRTUAL: ReadonlySet<string> = new Set(['bridge', 'bond', 'vlan', 'dummy']);

const present = ({ all }: Surroundings): Desired[] => all.filter(({ ensure }) => ensure === 'present');

/** Definitions of interfaces that the manifest does not have. */
const foreign = ({ all, own, sourced }: Surroundings): (Definition & { file: string })[] => {
  const names = new Set(all.map(({ name }) => name));
  return [...own.map((one) => ({ ...one, file: INTERFACES })), ...sourced].filter(
    ({ name }) => !names.has(name),
  );
};

const valuesOf = ({ options }: Definition, ...keys: string[]): string[] =>
  options.filter(([key]) => keys.includes(key)).flatMap(([, value]) => words(value));

const definedTwice = (want: Desired, { own, sourced }: Surroundings): string[] => {
  const mine = own.filter(({ name }) => name === want.name);
  const twice = mine.find((one, index) => mine.slice(0, index).some(({ family }) => family === one.family));
  return [
    ...sourced
      .filter(({ name }) => name === want.name)
      .map(
        ({ file, line }) =>
          `${file}, line ${line}, defines ${want.name} as well, and the two would be mixed; remove it there, or leave ${want.name} out of the manifest`,
      ),
    ...(twice === undefined
      ? []
      : [`${INTERFACES}, line ${twice.line}, defines ${want.name} a second time; put its lines together`]),
  ];
};

const strangeMethod = (want: Desired, { own }: Surroundings): string[] =>
  own
    .filter(({ name, method }) => name === want.name && !MANAGED_METHODS.has(method))
    .map(
      ({ line, method }) =>
        `${INTERFACES}, line ${line}: phoenix knows static, manual and dhcp, and ${want.name} has ${method}; change it there, or leave ${want.name} out of the manifest`,
    );

const isKnown = (name: string, around: Surroundings): boolean =>
  isGuestPort(name) ||
  around.links.some((link) => link.name === name) ||
  present(around).some((one) => one.name === name && typeOf(one) !== 'physical') ||
  foreign(around).some((one) => one.name === name);

const listed = (links: readonly Link[]): string =>
  links
    .map(({ name }) => name)
    .filter((name) => name !== 'lo' && !isGuestPort(name))
    .join(', ');

const missing = (want: Desired, around: Surroundings): string[] => {
  const needed = [
    ...(typeOf(want) === 'physical' ? [want.name] : []),
    ...membersOf(want),
    ...(vlanOf(want) === undefined ? [] : [vlanOf(want)?.device ?? '']),
  ];
  return needed
    .filter((name) => !isKnown(name, around))
    .map((name) => `there is no interface ${name}, and nothing makes one; there are ${listed(around.links)}`);
};

const wrongKind = (want: Desired, { links }: Surroundings): string[] => {
  const link = links.find(({ name }) => name === want.name);
  const type = typeOf(want);
  if (link === undefined || (type === 'physical' ? !VIRTUAL.has(link.kind ?? '') : link.kind === type))
    return [];
  return [
    `${want.name} is a ${link.kind ?? 'network card'}, and the manifest means a ${type === 'physical' ? 'network card' : type}; correct the manifest, or remove the interface first`,
  ];
};

/** Whoever else has one of its members. */
const takenMembers = (want: Desired, around: Surroundings): string[] =>
  membersOf(want).flatMap((member) => [
    ...present(around)
      .filter((one) => one.name !== want.name && membersOf(one).includes(member))
      .map((one) => `${member} is declared for ${one.name} as well; an interface can be part of one only`),
    ...foreign(around)
      .filter((one) => valuesOf(one, 'bridge-ports', 'bond-slaves').includes(member))
      .map(
        ({ file, line, name }) =>
          `${file}, line ${line}, gives ${member} to ${name}; take it out there first`,
      ),
  ]);

const addressedMembers = (want: Desired, around: Surroundings): string[] =>
  membersOf(want).flatMap((member) => [
    ...present(around)
      .filter((one) => one.name === member && FAMILIES.some((family) => methodOf(one, family) !== 'manual'))
      .map(() => `${member} is part of ${want.name} and has addresses of its own; move them to ${want.name}`),
    ...foreign(around)
      .filter((one) => one.name === member && (one.method === 'dhcp' || valuesOf(one, 'address').length > 0))
      .map(
        ({ file, line }) =>
          `${file}, line ${line}, gives addresses to ${member}, which is to be part of ${want.name}; declare ${member} in the manifest, without addresses`,
      ),
  ]);

const secondGateways = (want: Desired, around: Surroundings): string[] =>
  FAMILIES.filter((family) => gatewayOf(want, family) !== undefined).flatMap((family) => {
    const what = `one default route for ${family === 'inet' ? 'IPv4' : 'IPv6'}`;
    return [
      ...present(around)
        .filter((one) => one.name !== want.name && gatewayOf(one, family) !== undefined)
        .map((one) => `expected ${what}, found a gateway for ${one.name} as well`),
      ...foreign(around)
        .filter((one) => valuesOf(one, 'gateway').some((gateway) => familyOf(gateway) === family))
        .map(({ file, line, name }) => `expected ${what}, found one for ${name} in ${file}, line ${line}`),
    ];
  });

const takenAddresses = (want: Desired, around: Surroundings): string[] =>
  addressesOf(want).flatMap((address) =>
    present(around)
      .filter((one) => one.name !== want.name)
      .filter((one) => addressesOf(one).some((other) => normalCidr(other) === normalCidr(address)))
      .map((one) => `${address} is declared for ${one.name} as well`),
  );

/** Multiple addresses and dummies are of ifupdown2. */
const beyondClassic = (want: Desired, { tool }: Surroundings): string[] =>
  tool === 'ifupdown' &&
  (typeOf(want) === 'dummy' || FAMILIES.some((family) => addressesOf(want, family).length > 1))
    ? ['ifupdown knows one address a family and no dummy interfaces; install ifupdown2']
    : [];

const stillNeeded = (want: Desired, around: Surroundings): string[] => [
  ...around.links
    .filter(({ master, name }) => master === want.name && isGuestPort(name))
    .map(
      ({ name }) =>
        `${name} of a guest is on ${want.name}; stop the guest, or move it to another bridge first`,
    ),
  ...present(around)
    .filter((one) => membersOf(one).includes(want.name) || vlanOf(one)?.device === want.name)
    .map((one) => `${one.name} needs ${want.name}, which is to be removed`),
];

export const objectionsTo = (want: Desired, around: Surroundings): string[] =>
  want.ensure === 'absent'
    ? [
        ...definedTwice(want, around).filter((one) => !one.startsWith(INTERFACES)),
        ...stillNeeded(want, around),
      ]
    : [
        definedTwice,
        strangeMethod,
        beyondClassic,
        missing,
        wrongKind,
        takenMembers,
        addressedMembers,
        secondGateways,
        takenAddresses,
      ].flatMap((judge) => judge(want, around));
