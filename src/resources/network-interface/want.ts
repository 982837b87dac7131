/** What the fields of the manifest mean together. */
import { familyOf, type Family } from '../../facts/ip-address.ts';
import type { Fields } from './fields.ts';
import { impliedVlan } from './words.ts';

export type Type = 'physical' | 'bridge' | 'bond' | 'vlan' | 'dummy';

export const FAMILIES: readonly Family[] = ['inet', 'inet6'];

export const isVlan = (want: Fields): boolean =>
  want.vlanDevice !== undefined || want.vlanId !== undefined || impliedVlan(want.name) !== undefined;

/** More than one is a mistake. */
export const typesOf = (want: Fields): Type[] => [
  ...(want.bridgePorts === undefined ? [] : (['bridge'] as const)),
  ...(want.bondSlaves === undefined ? [] : (['bond'] as const)),
  ...(isVlan(want) ? (['vlan'] as const) : []),
  ...(want.dummy ? (['dummy'] as const) : []),
];

export const typeOf = (want: Fields): Type => typesOf(want)[0] ?? 'physical';

export const addressesOf = ({ address }: Pick<Fields, 'address'>, family?: Family): string[] =>
  [address ?? []].flat().filter((one) => family === undefined || familyOf(one) === family);

export const gatewayOf = (want: Fields, family: Family): string | undefined =>
  family === 'inet' ? want.gateway : want.gateway6;

export const vlanOf = (want: Fields): { device: string; id: number } | undefined => {
  const implied = impliedVlan(want.name);
  const device = want.vlanDevice ?? implied?.device;
  const id = want.vlanId ?? implied?.id;
  return device === undefined || id === undefined ? undefined : { device, id };
};

export const asksDhcp = ({ dhcp }: Fields, family: Family): boolean =>
  dhcp === 'both' || dhcp === (family === 'inet' ? 'ipv4' : 'ipv6');

export const methodOf = (want: Fields, family: Family): 'static' | 'dhcp' | 'manual' => {
  if (asksDhcp(want, family)) return 'dhcp';
  return addressesOf(want, family).length > 0 ? 'static' : 'manual';
};

/** Interfaces that it takes for itself. */
export const membersOf = (want: Fields): readonly string[] => want.bridgePorts ?? want.bondSlaves ?? [];

export const forwardDelayOf = (want: Fields): number => want.bridgeForwardDelay ?? (want.bridgeStp ? 15 : 0);
