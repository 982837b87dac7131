/** From the fields of the manifest to lines of interfaces(5). */
import type { Family } from '../../facts/ip-address.ts';
import type { Desired, Setting, Wanted, WantedFamily } from './schema.ts';
import { addressesOf, forwardDelayOf, gatewayOf, methodOf, typeOf, vlanOf } from './want.ts';
import { GUEST_PORTS, impliedVlan } from './words.ts';

const set = (key: string, value: string | number | undefined): Setting[] =>
  value === undefined ? [] : [{ key, values: [String(value)] }];

/** Said as well by leaving it out. */
const implied = (key: string, value: string | number): Setting => ({
  key,
  values: [String(value)],
  implied: true,
});

/** What would make it an interface of another type. */
const not = (...keys: string[]): Setting[] => keys.map((key) => ({ key, values: [] }));

const vlanAware = (aware: boolean | undefined): Setting[] => {
  if (aware === undefined) return [];
  return aware ? set('bridge-vlan-aware', 'yes') : [implied('bridge-vlan-aware', 'no')];
};

const bridgeSettings = (want: Desired, condone: boolean): Setting[] => [
  ...set('bridge-ports', want.bridgePorts?.join(' ') || 'none'),
  ...set('bridge-stp', want.bridgeStp ? 'on' : 'off'),
  ...set('bridge-fd', forwardDelayOf(want)),
  ...vlanAware(want.bridgeVlanAware),
  ...set('bridge-vids', want.bridgeVids),
  // Debian's ifupdown2 takes ports off the bridge that are not in the file: also those of running guests.
  ...(condone ? set('bridge-ports-condone-regex', GUEST_PORTS) : []),
];

const bondSettings = (want: Desired): Setting[] => [
  ...set('bond-slaves', want.bondSlaves?.join(' ')),
  ...set('bond-mode', want.bondMode),
  ...set('bond-miimon', want.bondMiimon),
  ...set('bond-xmit-hash-policy', want.bondXmitHashPolicy),
  ...set('bond-primary', want.bondPrimary),
];

const vlanSettings = (want: Desired): Setting[] => {
  const vlan = vlanOf(want);
  if (vlan === undefined) return [];
  const told = impliedVlan(want.name);
  return told?.device === vlan.device && told.id === vlan.id
    ? [implied('vlan-id', vlan.id), implied('vlan-raw-device', vlan.device)]
    : [...set('vlan-id', vlan.id), ...set('vlan-raw-device', vlan.device)];
};

const typeSettings = (want: Desired, condone: boolean): Setting[] => {
  const type = typeOf(want);
  return [
    ...(type === 'bridge' ? bridgeSettings(want, condone) : not('bridge-ports')),
    ...(type === 'bond' ? bondSettings(want) : not('bond-slaves')),
    ...(type === 'vlan' ? vlanSettings(want) : not('vlan-id', 'vlan-raw-device')),
    ...(type === 'dummy' ? set('link-type', 'dummy') : not('link-type')),
  ];
};

const familyWanted = (want: Desired, family: Family): WantedFamily => {
  const gateway = gatewayOf(want, family);
  return {
    method: methodOf(want, family),
    addresses: addressesOf(want, family),
    ...(gateway === undefined ? {} : { gateway }),
  };
};

/** `condone`: whether bridges must be told to leave ports of guests alone. */
export const wantedOf = (want: Desired, condone: boolean): Wanted => ({
  name: want.name,
  auto: want.auto,
  inet: familyWanted(want, 'inet'),
  inet6: familyWanted(want, 'inet6'),
  settings: [
    ...typeSettings(want, condone),
    ...set('mtu', want.mtu),
    ...set('dns-nameservers', want.nameservers?.join(' ')),
    ...set('dns-search', want.search?.join(' ')),
    ...Object.entries(want.options).map(([key, value]) => ({ key, values: [value].flat() })),
  ],
});
