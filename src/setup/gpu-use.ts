/** A graphics card is for guests or for the host: the manifest cannot say both. */
import type { CatalogProblem, Declared } from '../engine/catalog.ts';

/** What the kinds concerned have in common, as far as it counts here. */
interface Fields {
  readonly ensure?: string;
  readonly address?: string;
  readonly gpus?: readonly string[];
}

const fieldsOf = ({ desired }: Declared): Fields => desired;

/** By its address, or by that of its slot. An id says only on the host which card it is: there it is refused. */
const isFor = (gpu: string, address: string | undefined): boolean =>
  address !== undefined && (gpu === address || gpu.startsWith(`${address}.`));

/** In its section the cards stand above the driver: both steps have them. */
const placeOf = ({ at }: Declared): readonly PropertyKey[] => (at[0] === 'nvidia' ? ['nvidia'] : at);

/** Steps of one section, with the same cards. */
const CARDS_OF_HOST: ReadonlySet<string> = new Set(['NvidiaDriver', 'NvidiaInit']);

/** Every card that `nvidia.gpus` and `vfio.devices` both name. */
export const findGpuConflicts = (all: readonly Declared[]): CatalogProblem[] => {
  const present = all.filter((one) => fieldsOf(one).ensure !== 'absent');
  const bindings = present.filter(({ kind }) => kind === 'VfioBinding');
  return present
    .filter(({ kind }) => CARDS_OF_HOST.has(kind))
    .slice(0, 1)
    .flatMap((driver) =>
      (fieldsOf(driver).gpus ?? []).flatMap((gpu, index) =>
        bindings
          .filter((binding) => isFor(gpu, fieldsOf(binding).address))
          .map((binding) => ({
            at: [...placeOf(driver), 'gpus', index],
            message: `the host is to use the graphics card ${gpu}, and ${binding.ref} keeps it for guests; expected it in one of the two`,
            firstAt: binding.at,
          })),
      ),
    );
};
