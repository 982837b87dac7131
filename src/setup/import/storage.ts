/** `zfs`: pools, datasets, and what Proxmox VE stores in them. */
import type { Cursor } from './cursor.ts';
import type { Draft } from './draft.ts';

/** Only what is known: the original made a stripe of any other word, without redundancy. */
const LAYOUTS: Readonly<Record<string, string>> = {
  single: 'stripe',
  stripe: 'stripe',
  raid0: 'stripe',
  mirror: 'mirror',
  raid1: 'mirror',
  raidz: 'raidz1',
  raidz1: 'raidz1',
  raidz2: 'raidz2',
  raidz3: 'raidz3',
};

const pool = (one: Cursor, draft: Draft): void => {
  const level = one.at('raid_level').text() ?? '';
  const layout = LAYOUTS[level.toLowerCase().replace(/-/g, '')];
  const disks = one.at('disks').words();
  const name = one.at('name').text();
  if (layout === undefined) {
    one
      .at('raid_level')
      .warn(
        `"${level}" is no layout; the original made a pool without redundancy of it; declare the pool with \`layout\` yourself`,
      );
    return;
  }
  draft.add(['zfs', 'pools'], { name, layout, disks }, one);
};

const propertiesOf = (given: Cursor): Record<string, string> => {
  if (typeof given.value !== 'string')
    return Object.fromEntries(given.entries().map(([name, value]) => [name, value.text() ?? '']));
  const pairs = given.value.split(',').filter((part) => part.trim() !== '');
  return Object.fromEntries(
    pairs.map((part) => {
      const [name = '', ...value] = part.split('=');
      return [name.trim(), value.join('=').trim()];
    }),
  );
};

const storage = (one: Cursor, dataset: string, draft: Draft): void => {
  const type = one.at('proxmox_storage_type').text();
  const content = one.at('proxmox_content_type').words();
  if (type === undefined) return;
  const id = dataset.replaceAll('/', '-');
  const where = type === 'zfspool' ? { pool: dataset } : { path: `/${dataset}` };
  draft.add(
    ['zfs', 'storage'],
    { id, type, ...where, content: content.length > 0 ? content : undefined },
    one,
  );
};

/** The names of the datasets, to know paths by. */
export const convertZfs = (zfs: Cursor, draft: Draft): string[] => {
  const arc = zfs.at('arc_max_gb').text();
  if (arc !== undefined) draft.set(['zfs', 'arcMax'], `${arc}GiB`);
  zfs
    .at('settings')
    .at('allow_destructive_operations')
    .done(
      'no key of a manifest can allow disks to be cleared; `--wipe-disks` does, for one run, with the name of the pool',
    );
  for (const one of zfs.at('pools').items()) pool(one, draft);
  return zfs
    .at('datasets')
    .items()
    .flatMap((one) => {
      const [of, name] = [one.at('pool').text(), one.at('name').text()];
      one.at('storage_class').done();
      if (of === undefined || name === undefined) {
        one.done('has no name or no pool, and is left out');
        return [];
      }
      const dataset = `${of}/${name}`;
      draft.add(['zfs', 'datasets'], { name: dataset, properties: propertiesOf(one.at('properties')) }, one);
      storage(one, dataset, draft);
      return [dataset];
    });
};

/** The dataset that a path is on, by where datasets are mounted unless told. */
export const datasetOf = (path: string, datasets: readonly string[]): string | undefined =>
  datasets
    .filter((name) => path === `/${name}` || path.startsWith(`/${name}/`))
    .toSorted((a, b) => a.length - b.length)
    .at(-1);
