import type { z } from 'zod';
import type { HostReader } from '../../host/host.ts';
import { altroots as altrootsFact, type Settings } from '../../facts/zfs-list.ts';
import { localProperties, ownDatasets } from '../../facts/zfs-local.ts';
import { poolOf } from '../../facts/zfs-names.ts';
import { withoutAltroot } from './mounting.ts';
import type { desired } from './schema.ts';

type Entry = z.input<typeof desired>;

/** Said only where it is not what canmount and mountpoint say. */
const mountedOf = (settings: Settings): Pick<Entry, 'mounted'> => {
  const byItself =
    settings['canmount']?.value === 'on' && settings['mountpoint']?.value.startsWith('/') === true;
  return byItself && settings['mounted']?.value === 'no' ? { mounted: false } : {};
};

const entryOf = (name: string, settings: Settings, altroot: string): Entry => {
  const properties = localProperties(settings, 'filesystem');
  const { mountpoint } = properties;
  return {
    name,
    properties: {
      ...properties,
      ...(mountpoint === undefined ? {} : { mountpoint: withoutAltroot(mountpoint, altroot) }),
    },
    ...mountedOf(settings),
  };
};

export const list = async (host: HostReader): Promise<Entry[]> => {
  const datasets = await ownDatasets(host, 'filesystem');
  const altroots = await host.fact(altrootsFact);
  return datasets.map(([name, settings]) => entryOf(name, settings, altroots.get(poolOf(name)) ?? ''));
};
