import { modeBits } from '../../facts/ownership.ts';
import { describePci, PCI_DEVICES, pciDevice, type PciDevice } from '../../facts/pci.ts';
import { usesOf } from '../../facts/pci-use.ts';
import type { Host } from '../../host/host.ts';
import { filesFor, pathsOf } from './files.ts';
import type { Taken, VfioOp } from './schema.ts';

const PROBE = '/sys/bus/pci/drivers_probe';
const override = ({ address }: Taken): string => `${PCI_DEVICES}/${address}/driver_override`;

/** As agreed on: the same device, and still nobody's. */
const deviceNow = async ({ address, id }: Taken, host: Host): Promise<PciDevice> => {
  const device = pciDevice(host, address);
  if (device?.id !== id)
    throw new Error(`expected ${id} at ${address}, found ${device?.id ?? 'nothing'}; not touched`);
  const [use] = await usesOf(host, device);
  if (use !== undefined) throw new Error(`${describePci(device)} ${use}; not touched`);
  return device;
};

const leave = ({ address, driver }: PciDevice, host: Host): void => {
  if (driver !== undefined) host.writeKernel(`/sys/bus/pci/drivers/${driver}/unbind`, address);
};

const driverNow = ({ address }: Taken, host: Host): string | undefined => pciDevice(host, address)?.driver;

const bind = async (device: Taken, host: Host): Promise<void> => {
  await host.run({ program: 'modprobe', args: ['--', 'vfio-pci'] });
  const found = await deviceNow(device, host);
  host.writeKernel(override(device), 'vfio-pci');
  if (found.driver === 'vfio-pci') return;
  leave(found, host);
  host.writeKernel(PROBE, device.address);
  if (driverNow(device, host) === 'vfio-pci') return;
  // It must not be left with nobody.
  host.writeKernel(override(device), '');
  host.writeKernel(PROBE, device.address);
  throw new Error(
    `vfio-pci did not take ${device.address}, and ${driverNow(device, host) ?? 'nobody'} has it again; see dmesg`,
  );
};

/** Its driver may not have been loaded since the boot. */
const loadDriver = async ({ address }: Taken, host: Host): Promise<void> => {
  const alias = host.readFile(`${PCI_DEVICES}/${address}/modalias`)?.toString().trim();
  if (alias) await host.run({ program: 'modprobe', args: ['-q', '--', alias], okCodes: [0, 1] });
};

const release = async (device: Taken, host: Host): Promise<void> => {
  const found = await deviceNow(device, host);
  host.writeKernel(override(device), '');
  if (found.driver === 'vfio-pci') leave(found, host);
  await loadDriver(device, host);
  host.writeKernel(PROBE, device.address);
  const driver = driverNow(device, host);
  if (device.driver !== undefined && driver !== device.driver)
    throw new Error(
      `expected ${device.driver} to take ${device.address} again, found ${driver ?? 'no driver'}; see dmesg`,
    );
};

export const converge = async (op: VfioOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'configure':
      for (const { path, text, mode } of filesFor(op.key, op.devices))
        await host.writeFile(path, text, { mode: modeBits(mode), uid: 0, gid: 0 });
      return;
    case 'unconfigure':
      for (const path of pathsOf(op.key)) host.removeFile(path);
      return;
    case 'bind':
      await bind(op.device, host);
      return;
    case 'release':
      await release(op.device, host);
      return;
  }
};
