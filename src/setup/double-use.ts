/** A dataset whose owners and snapshots Proxmox VE manages for its guests is not one to share files from as well. */
import type { CatalogProblem, Declared } from '../engine/catalog.ts';

/** What the kinds concerned have in common, as far as it counts here. */
interface Fields {
  readonly ensure?: string;
  readonly type?: string;
  readonly pool?: string;
  readonly name?: string;
  readonly path?: string;
  readonly dataset?: string;
  readonly properties?: { readonly mountpoint?: unknown };
}

const SHARING: ReadonlySet<string> = new Set(['SambaShare', 'NfsExport']);

const fieldsOf = ({ desired }: Declared): Fields => desired;

const present = (all: readonly Declared[], isMeant: (resource: Declared) => boolean): Declared[] =>
  all.filter((resource) => isMeant(resource) && fieldsOf(resource).ensure !== 'absent');

const isWithin = (name: string | undefined, above: string): boolean =>
  name === above || (name ?? '').startsWith(`${above}/`);

/** Where a dataset is mounted as far as the manifest tells: declared for it or one above it, else under its own name. */
const mountPathOf = (dataset: string, all: readonly Declared[]): string => {
  for (let above = dataset; ; above = above.slice(0, above.lastIndexOf('/'))) {
    const declared = all.find(
      ({ kind, desired }) => kind === 'ZfsDataset' && (desired as Fields).name === above,
    );
    const mountpoint = declared && fieldsOf(declared).properties?.mountpoint;
    if (typeof mountpoint === 'string') return `${mountpoint}${dataset.slice(above.length)}`;
    if (!above.includes('/')) return `/${dataset}`;
  }
};

/** Every share or export that lies on what a storage of type zfspool has for its guests. */
export const findDoubleUse = (all: readonly Declared[]): CatalogProblem[] => {
  const storages = present(all, (one) => one.kind === 'ProxmoxStorage' && fieldsOf(one).type === 'zfspool');
  const shares = present(all, ({ kind }) => SHARING.has(kind));
  return storages.flatMap((storage) => {
    const { pool = '' } = fieldsOf(storage);
    const path = mountPathOf(pool, all);
    return shares
      .filter((share) => isWithin(fieldsOf(share).dataset, pool) || isWithin(fieldsOf(share).path, path))
      .map((share) => ({
        at: share.at,
        message: `${share.ref} is on ${pool}, where ${storage.ref} keeps the disks of guests: owners and snapshots of the two get in each other's way; expected a dataset of its own for each`,
        firstAt: storage.at,
      }));
  });
};
