/** Who made the processor: `vendor_id` of /proc/cpuinfo. */
import type { HostReader } from '../host/host.ts';

export type Cpu = 'intel' | 'amd' | 'other';

export const cpuOf = (host: HostReader): Cpu => {
  const text = host.readFile('/proc/cpuinfo')?.toString() ?? '';
  const [, vendor] = /^vendor_id\s*:\s*(\S+)/m.exec(text) ?? [];
  return vendor === 'GenuineIntel' ? 'intel' : vendor === 'AuthenticAMD' ? 'amd' : 'other';
};
