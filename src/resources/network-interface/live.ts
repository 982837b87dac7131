/** The interface as it is now, compared with what is wanted. */
import type { Change } from '../../engine/action.ts';
import { familyOf, normalCidr, type Family } from '../../facts/ip-address.ts';
import type { Actual } from './actual.ts';
import type { Link } from './facts.ts';
import type { Desired } from './schema.ts';
import {
  addressesOf,
  asksDhcp,
  FAMILIES,
  forwardDelayOf,
  gatewayOf,
  membersOf,
  typeOf,
  vlanOf,
} from './want.ts';
import { isGuestPort, vidsBeyondFirst } from './words.ts';

const change = (path: string, from: unknown, to: unknown): Change[] =>
  JSON.stringify(from) === JSON.stringify(to) ? [] : [{ path: `live ${path}`, from, to }];

/** Left alone if the manifest says nothing. */
const ifSaid = (path: string, from: unknown, to: unknown): Change[] =>
  to === undefined ? [] : change(path, from ?? null, to);

const sorted = (all: readonly string[]): string[] => [...all].sort();

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  sorted(a).join() === sorted(b).join();

const familyChanges = (want: Desired, link: Link, family: Family): Change[] => {
  // What a server gives is dynamic; beside it there is nothing to compare.
  if (asksDhcp(want, family)) return [];
  const wanted = addressesOf(want, family);
  const found = link.addresses.filter(({ cidr }) => familyOf(cidr) === family);
  const names = found.map(({ cidr }) => cidr);
  const normal = (all: readonly string[]): string[] => all.map((one) => normalCidr(one));
  const path = family === 'inet' ? 'IPv4 addresses' : 'IPv6 addresses';
  if (!sameSet(normal(names), normal(wanted))) return change(path, names, wanted);
  const [first] = wanted;
  const primary = found.find(({ cidr }) => first !== undefined && normalCidr(cidr) === normalCidr(first));
  return primary?.secondary ? change(`primary ${path}`, names, wanted) : [];
};

const gatewayChanges = (want: Desired, { gateways }: Actual, family: Family): Change[] => {
  const wanted = gatewayOf(want, family);
  if (asksDhcp(want, family) || wanted === undefined) return [];
  const found = gateways.filter((one) => familyOf(one) === family);
  return found.some((one) => normalCidr(one) === normalCidr(wanted))
    ? []
    : change(family === 'inet' ? 'gateway' : 'gateway6', found.join(', ') || null, wanted);
};

/** Ports of guests come and go; only those that the manifest names are looked for. */
const memberChanges = (want: Desired, { ports }: Actual, path: string): Change[] => {
  const wanted = membersOf(want);
  const found = ports.filter((port) => wanted.includes(port) || !isGuestPort(port));
  return sameSet(found, wanted) ? [] : change(path, sorted(found), sorted(wanted));
};

const vidChanges = (want: Desired, { vids, ports }: Actual): Change[] => {
  if (want.bridgeVids === undefined) return [];
  const wanted = vidsBeyondFirst(want.bridgeVids);
  return membersOf(want)
    .filter((port) => ports.includes(port))
    .flatMap((port) => change(`VLANs of ${port}`, vids[port] ?? '', wanted));
};

const bridgeChanges = (want: Desired, actual: Actual, link: Link): Change[] => [
  ...memberChanges(want, actual, 'ports'),
  ...change('spanning tree', link.stp, want.bridgeStp),
  ...change('forward delay', link.forwardDelay, forwardDelayOf(want)),
  ...ifSaid('VLAN aware', link.vlanAware, want.bridgeVlanAware),
  ...vidChanges(want, actual),
];

const bondChanges = (want: Desired, actual: Actual, link: Link): Change[] => [
  ...memberChanges(want, actual, 'slaves'),
  ...ifSaid('mode', link.mode, want.bondMode),
  ...change('miimon', link.miimon, want.bondMiimon),
  ...ifSaid('hash policy', link.hashPolicy, want.bondXmitHashPolicy),
  ...ifSaid('primary', link.primary, want.bondPrimary),
];

const typeChanges = (want: Desired, actual: Actual, link: Link): Change[] => {
  switch (typeOf(want)) {
    case 'bridge':
      return bridgeChanges(want, actual, link);
    case 'bond':
      return bondChanges(want, actual, link);
    case 'vlan':
      return [
        ...change('VLAN', link.vlanId, vlanOf(want)?.id),
        ...change('device', link.on, vlanOf(want)?.device),
      ];
    default:
      return [];
  }
};

/** One that does not come up by itself is only compared as long as somebody has it up. */
export const liveChanges = (want: Desired, actual: Actual): Change[] => {
  const { link } = actual;
  if (!want.auto && !link?.up) return [];
  if (link === null) return change('interface', null, typeOf(want));
  return [
    ...change('state', link.up ? 'up' : 'down', 'up'),
    ...ifSaid('MTU', link.mtu, want.mtu),
    ...FAMILIES.flatMap((family) => familyChanges(want, link, family)),
    ...FAMILIES.flatMap((family) => gatewayChanges(want, actual, family)),
    ...typeChanges(want, actual, link),
  ];
};
