import { z } from 'zod';
import nvidiaDriver from '../resources/nvidia-driver/index.ts';
import nvidiaInit from '../resources/nvidia-init/index.ts';
import { defineStep, said, type Entry } from './step.ts';

const { gpus, whenAbsent, except: _, ...driverFields } = nvidiaDriver.desired.shape;
const { gpus: _gpus, whenAbsent: _whenAbsent, except: _except, ...initFields } = nvidiaInit.desired.shape;

const schema = z
  .strictObject({
    gpus,
    whenAbsent,
    driver: z
      .strictObject(driverFields)
      .optional()
      .meta({ description: 'the driver, and where it comes from' }),
    init: z.strictObject(initFields).optional().meta({
      description: 'device nodes and persistence at boot, before guests start',
    }),
  })
  .optional()
  .meta({ description: 'graphics cards of NVIDIA that the host itself uses, such as for containers' });
type Nvidia = NonNullable<z.output<typeof schema>>;

interface Kept {
  readonly address?: string;
  readonly id?: string;
  readonly ensure?: string;
}

/** What the section vfio keeps for guests is not for the host. */
const keptForGuests = (manifest: Readonly<Record<string, unknown>>): string[] => {
  const { devices = [] } = (manifest['vfio'] ?? {}) as { readonly devices?: readonly Kept[] };
  return devices
    .filter(({ ensure }) => ensure !== 'absent')
    .flatMap(({ address, id }) => address ?? id ?? []);
};

const cardsOf = (section: Nvidia, manifest: Readonly<Record<string, unknown>>) => ({
  gpus: section.gpus,
  whenAbsent: section.whenAbsent,
  except: keptForGuests(manifest),
});

const initramfs: Entry = { kind: 'Initramfs', desired: {}, at: [], inPassing: true };

const driverEntries = (section: Nvidia | undefined, manifest: Readonly<Record<string, unknown>>): Entry[] =>
  section?.driver === undefined
    ? []
    : [
        {
          kind: 'NvidiaDriver',
          desired: said({ ...section.driver, ...cardsOf(section, manifest) }),
          at: ['driver'],
        },
        // where the driver may have to leave everything alone, only what it has changed itself is built anew
        ...(section.whenAbsent === 'skip' ? [] : [initramfs]),
      ];

const initEntries = (section: Nvidia | undefined, manifest: Readonly<Record<string, unknown>>): Entry[] =>
  section?.init === undefined
    ? []
    : [
        {
          kind: 'NvidiaInit',
          desired: said({ ...section.init, ...cardsOf(section, manifest) }),
          at: ['init'],
        },
      ];

/** Two steps of one section. */
const section = { section: 'nvidia', schema } as const;

export const driver = defineStep({
  number: 7,
  name: 'nvidia-driver',
  ...section,
  resources: (part, _context, manifest) => driverEntries(part, manifest),
});
export const init = defineStep({
  number: 8,
  name: 'nvidia-init',
  ...section,
  resources: (part, _context, manifest) => initEntries(part, manifest),
});
