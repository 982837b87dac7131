/** Live datasets as a manifest would declare them. */
import type { HostReader } from '../host/host.ts';
import { allProperties, type Settings } from './zfs-list.ts';
import { isOfGuest } from './zfs-names.ts';
import { isUserProperty, propertiesOf } from './zfs-properties.ts';
import { normalValue, shownValue } from './zfs-values.ts';

type Type = 'filesystem' | 'volume';

/** Of one type, without those that belong to guests. */
export const ownDatasets = async (host: HostReader, type: Type): Promise<[string, Settings][]> =>
  [...(await host.fact(allProperties))].filter(
    ([name, settings]) => settings['type']?.value === type && !isOfGuest(name),
  );

/** What was set here by hand: not what is inherited, received or the default. */
export const localProperties = (
  settings: Settings,
  type: Type,
  leftOut: readonly string[] = [],
): Record<string, string> => {
  const settable = new Map(propertiesOf(type));
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, { value, source }]) => {
      const known = settable.has(name) || isUserProperty(name);
      if (source !== 'local' || !known || leftOut.includes(name)) return [];
      if (normalValue(name, value) === undefined) return [];
      return [[name, shownValue(name, value)]];
    }),
  );
};
