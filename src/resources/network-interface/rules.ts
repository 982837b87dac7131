/** What the fields of one interface must be together. */
import { cidrOf, isInside, normalCidr, type Family } from '../../facts/ip-address.ts';
import type { Fields } from './fields.ts';
import { addressesOf, asksDhcp, isVlan, typeOf, typesOf, vlanOf, type Type } from './want.ts';
import { BOND_MODES } from './words.ts';

const isReachable = (want: Fields, family: Family, gateway: string | undefined): boolean =>
  gateway === undefined ||
  addressesOf(want, family).some((one) => {
    const subnet = cidrOf(one);
    return subnet !== undefined && isInside(gateway, subnet);
  });

/** fe80:: is on every link. */
const isLinkLocal = (gateway: string | undefined): boolean =>
  gateway?.toLowerCase().startsWith('fe80:') ?? false;

const isDistinct = (all: readonly string[]): boolean => new Set(all).size === all.length;

const only = (type: Type, want: Fields, fields: readonly (keyof Fields)[]): boolean =>
  typeOf(want) === type || fields.every((field) => want[field] === undefined);

/** What the fields must be together: the part that has no error of its own field, the condition, what to do. */
export const RULES: readonly (readonly [keyof Fields, (want: Fields) => boolean, string])[] = [
  [
    'name',
    (want) => typesOf(want).length <= 1,
    'expected one of a bridge, a bond, a VLAN and a dummy; a name with a dot and a number is a VLAN',
  ],
  [
    'address',
    (want) => isDistinct(addressesOf(want).map((one) => normalCidr(one))),
    'expected every address once',
  ],
  [
    'address',
    (want) => !(asksDhcp(want, 'inet') && addressesOf(want, 'inet').length > 0),
    'expected no IPv4 address beside `dhcp` for IPv4',
  ],
  [
    'address',
    (want) => !(asksDhcp(want, 'inet6') && addressesOf(want, 'inet6').length > 0),
    'expected no IPv6 address beside `dhcp` for IPv6',
  ],
  [
    'gateway',
    (want) => isReachable(want, 'inet', want.gateway),
    'expected an address in the network of one of `address`',
  ],
  [
    'gateway6',
    (want) => isLinkLocal(want.gateway6) || isReachable(want, 'inet6', want.gateway6),
    'expected an address in the network of one of `address`, or one that begins with fe80:',
  ],
  [
    'bridgePorts',
    ({ bridgePorts = [], name }) => isDistinct([...bridgePorts, name]),
    'expected every port once, and not the bridge itself',
  ],
  [
    'bridgeVlanAware',
    (want) =>
      only('bridge', want, ['bridgeVlanAware', 'bridgeVids', 'bridgeForwardDelay']) &&
      (typeOf(want) === 'bridge' || !want.bridgeStp),
    'settings of a bridge; declare its ports, `bridgePorts: []` for none',
  ],
  [
    'bridgeVids',
    (want) => want.bridgeVids === undefined || want.bridgeVlanAware === true,
    'expected `bridgeVlanAware: true` beside it',
  ],
  [
    'bridgeForwardDelay',
    (want) => !want.bridgeStp || (want.bridgeForwardDelay ?? 15) >= 2,
    'expected at least 2 seconds with spanning tree',
  ],
  [
    'bondSlaves',
    ({ bondSlaves = [], name }) => isDistinct([...bondSlaves, name]),
    'expected every interface once, and not the bond itself',
  ],
  [
    'bondMode',
    (want) => typeOf(want) !== 'bond' || want.bondMode !== undefined,
    `expected one of ${BOND_MODES.join(', ')}: a bond needs a mode`,
  ],
  [
    'bondMode',
    (want) => only('bond', want, ['bondMode', 'bondXmitHashPolicy', 'bondPrimary']),
    'settings of a bond; declare `bondSlaves`',
  ],
  [
    'bondPrimary',
    ({ bondPrimary, bondSlaves }) =>
      bondPrimary === undefined || (bondSlaves?.includes(bondPrimary) ?? false),
    'expected one of `bondSlaves`',
  ],
  [
    'vlanId',
    (want) => !isVlan(want) || vlanOf(want) !== undefined,
    'expected both `vlanDevice` and `vlanId`, or a name such as bond0.7',
  ],
];
