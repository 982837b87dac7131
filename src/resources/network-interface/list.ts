/** What the file says, as entries of a manifest. */
import type { z } from 'zod';
import { familyOf, type Family } from '../../facts/ip-address.ts';
import type { HostReader } from '../../host/host.ts';
import { definitionsIn, isAuto, parse, type Definition, type Item } from './interfaces-file.ts';
import { readFile } from './read.ts';
import { desired } from './schema.ts';
import { normalValue, words } from './words.ts';

type Entry = z.input<typeof desired>;

const entryOf = (items: readonly Item[], name: string, all: readonly Definition[]): object => {
  const options = all.flatMap((one) => one.options);
  const get = (key: string): string | undefined => options.find(([found]) => found === key)?.[1];
  const list = (key: string): string[] | undefined => {
    const value = get(key);
    return value === undefined ? undefined : words(value).filter((word) => word !== 'none');
  };
  const number = (key: string): number | undefined => (get(key) === undefined ? undefined : Number(get(key)));
  const isOn = (key: string): boolean => normalValue('bridge-stp', get(key) ?? 'no') === 'yes';
  const gateway = (family: Family): string | undefined =>
    options.find(([key, value]) => key === 'gateway' && familyOf(value) === family)?.[1];
  const address = all.flatMap((one) =>
    one.options.filter(([key]) => key === 'address').map(([, value]) => withMask(value, one)),
  );
  const dhcp = all
    .filter(({ method }) => method === 'dhcp')
    .map(({ family }) => (family === 'inet' ? 'ipv4' : 'ipv6'));
  return {
    name,
    address: address.length === 0 ? undefined : address,
    gateway: gateway('inet'),
    gateway6: gateway('inet6'),
    dhcp: dhcp.length === 2 ? 'both' : dhcp[0],
    mtu: number('mtu'),
    bridgePorts: list('bridge-ports'),
    bridgeStp: isOn('bridge-stp') || undefined,
    bridgeVlanAware: isOn('bridge-vlan-aware') || undefined,
    bridgeVids: get('bridge-vids'),
    bondSlaves: list('bond-slaves'),
    bondMode: get('bond-mode') && normalValue('bond-mode', get('bond-mode') ?? ''),
    bondXmitHashPolicy: get('bond-xmit-hash-policy'),
    bondPrimary: get('bond-primary'),
    vlanDevice: get('vlan-raw-device'),
    vlanId: number('vlan-id'),
    dummy: get('link-type') === 'dummy' || undefined,
    auto: isAuto(items, name) ? undefined : false,
  };
};

const withMask = (address: string, { options }: Definition): string => {
  const mask = options.find(([key]) => key === 'netmask')?.[1];
  return address.includes('/') || mask === undefined ? address : `${address}/${prefixOf(mask)}`;
};

const prefixOf = (mask: string): string =>
  mask.includes('.')
    ? String(
        mask
          .split('.')
          .map((part) => Number(part).toString(2))
          .join('')
          .replaceAll('0', '').length,
      )
    : mask;

/** Those that the manifest could say; a tunnel, say, it cannot. */
export const list = (host: HostReader): Entry[] => {
  const items = parse(readFile(host)?.text ?? '');
  const definitions = definitionsIn(items);
  return [...new Set(definitions.map(({ name }) => name))].flatMap((name) => {
    const fields = entryOf(
      items,
      name,
      definitions.filter((one) => one.name === name),
    );
    const entry = Object.fromEntries(
      Object.entries(fields).filter(([, value]) => value !== undefined),
    ) as Entry;
    return desired.safeParse(entry).success ? [entry] : [];
  });
};
