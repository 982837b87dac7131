/** Which graphics cards of NVIDIA are for the host, and which are kept for guests. */
import { z } from 'zod';
import type { Refusal } from '../engine/action.ts';
import type { HostReader } from '../host/host.ts';
import { describePci, PCI_DEVICES, pciDevice, pciMatches, type PciDevice } from './pci.ts';

const NVIDIA = /^10de:/;
const DISPLAY = /^03/;

const address = z
  .string()
  .regex(/^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/, 'expected a PCI address such as 0000:01:00.0');
const selector = z
  .string()
  .regex(
    /^(?:[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}(?:\.[0-7])?|[0-9a-f]{4}:[0-9a-f]{4})$/,
    'expected a PCI address, or vendor and device such as 10de:1e84',
  );

/** What both the driver and its start at boot have to know. */
export const gpuFields = {
  gpus: z.array(address).default([]).meta({
    description: 'PCI addresses of the cards that the host itself uses; every one that is left, unless said',
  }),
  except: z.array(selector).default([]).meta({
    description: 'cards that are kept for guests, by address or by id; the section vfio says which',
  }),
  whenAbsent: z.enum(['skip', 'fail', 'install']).default('fail').meta({
    description:
      'what to do while there is no such card: skip does nothing and says nothing, fail refuses, install goes on all the same',
  }),
} as const;
export type GpuChoice = { readonly [Name in keyof typeof gpuFields]: z.output<(typeof gpuFields)[Name]> };

export interface Gpus {
  readonly host: readonly PciDevice[];
  readonly guests: readonly PciDevice[];
  /** Declared, and no card of NVIDIA. */
  readonly missing: readonly string[];
}

const isGpu = ({ id, class: code }: PciDevice): boolean => NVIDIA.test(id) && DISPLAY.test(code);

const allGpus = (host: HostReader): PciDevice[] =>
  (host.readDirectory(PCI_DEVICES) ?? []).flatMap((name) => {
    const device = pciDevice(host, name);
    return device !== undefined && isGpu(device) ? [device] : [];
  });

export const readGpus = (host: HostReader, { gpus, except }: GpuChoice): Gpus => {
  const all = allGpus(host);
  const kept = new Set(except.flatMap((one) => pciMatches(host, one)).map((device) => device.address));
  const isKept = (device: PciDevice): boolean => device.override === 'vfio-pci' || kept.has(device.address);
  const isMeant = (device: PciDevice): boolean => gpus.length === 0 || gpus.includes(device.address);
  return {
    host: all.filter((device) => isMeant(device) && !isKept(device)),
    guests: all.filter(isKept),
    missing: gpus.filter((one) => !all.some((device) => device.address === one)),
  };
};

const refusal = (refuses: string, from: unknown): Refusal => ({
  refuses,
  changes: [{ path: 'gpus', from, to: 'for the host' }],
});

const both = ({ gpus }: GpuChoice, { guests }: Gpus): Refusal[] =>
  guests
    .filter((device) => gpus.includes(device.address))
    .map((device) =>
      refusal(
        `${describePci(device)} is kept for guests by vfio-pci, and wanted by the host; take it out of \`nvidia.gpus\`, or give it back with \`ensure: absent\` under \`vfio.devices\``,
        device.address,
      ),
    );

const WAYS = 'say `whenAbsent: skip` to leave it at that, or `install` to go on without one';

const none = ({ guests, missing }: Gpus): Refusal => {
  if (missing.length > 0)
    return refusal(`there is no graphics card of NVIDIA at ${missing.join(', ')}; ${WAYS}`, null);
  if (guests.length > 0)
    return refusal(
      `no graphics card of NVIDIA is left for the host: ${guests.map(describePci).join(', ')} ${guests.length === 1 ? 'is' : 'are'} kept for guests; ${WAYS}`,
      null,
    );
  return refusal(`there is no graphics card of NVIDIA in this host; ${WAYS}`, null);
};

export type Verdict = 'go on' | 'leave alone' | readonly Refusal[];

export const judgeGpus = (want: GpuChoice, gpus: Gpus): Verdict => {
  const conflicts = both(want, gpus);
  if (conflicts.length > 0) return conflicts;
  const lacks = gpus.host.length === 0 || gpus.missing.length > 0;
  if (!lacks || want.whenAbsent === 'install') return 'go on';
  if (want.whenAbsent === 'fail') return [none(gpus)];
  return gpus.host.length === 0 ? 'leave alone' : 'go on';
};
