import { z } from 'zod';
import vfioBinding from '../resources/vfio-binding/index.ts';
import { defineStep, entriesOf, type Entry } from './step.ts';

const schema = z
  .strictObject({
    devices: z
      .array(vfioBinding.desired)
      .default([])
      .meta({ description: 'PCI devices that are kept for guests, by address or by id' }),
    passthrough: z.boolean().default(true).meta({
      description: "iommu=pt: the host's own devices do not go through the IOMMU, which is faster",
    }),
  })
  .optional()
  .meta({ description: 'PCI devices for guests: the IOMMU, the driver vfio-pci, and what it takes at boot' });

const parameter = (word: string, rest: object = {}): Entry => ({
  kind: 'KernelCmdline',
  desired: { parameter: word, ...rest },
  at: [],
  inPassing: true,
});

export default defineStep({
  number: 6,
  name: 'vfio',
  section: 'vfio',
  schema,
  resources: (section) =>
    section === undefined
      ? []
      : [
          parameter('intel_iommu=on', { cpu: 'intel' }),
          ...(section.passthrough ? [parameter('iommu=pt')] : []),
          { kind: 'KernelModule', desired: { name: 'vfio-pci' }, at: [], inPassing: true },
          ...entriesOf('VfioBinding', 'devices', section.devices),
          { kind: 'Initramfs', desired: {}, at: [], inPassing: true },
        ],
});
