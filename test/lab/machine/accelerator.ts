import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';

import { cacheFolder } from '../cache.ts';
import type { Image } from '../image/image.ts';
import { say } from '../say.ts';

const TCG = 'tcg,thread=multi';

/** /dev/kvm may exist and still not run a stock kernel, so a kernel is booted without a root until it says so. */
const kvmBoots = async (image: Image): Promise<boolean> => {
  if (!existsSync('/dev/kvm')) return false;
  const { stdout } = await execa(
    'qemu-system-x86_64',
    [
      ...['-nodefaults', '-display', 'none', '-no-reboot', '-serial', 'stdio', '-m', '512'],
      ...['-machine', 'q35,kernel-irqchip=split', '-accel', 'kvm', '-cpu', 'max', '-smp', '2'],
      ...['-kernel', image.kernel, '-append', 'console=ttyS0 panic=-1'],
    ],
    { reject: false, timeout: 20_000, stdin: 'ignore', stderr: 'ignore' },
  );
  return stdout.includes('Unable to mount root fs');
};

/** QEMU's -accel: KVM where it works, else software emulation. Asked once per boot of this machine. */
export const accelerator = async (image: Image): Promise<string> => {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const answer = join(cacheFolder('probe'), boot);
  if (!existsSync(answer)) {
    const works = await kvmBoots(image);
    say(works ? 'KVM works here' : 'KVM does not run a kernel here: software emulation');
    writeFileSync(answer, works ? 'kvm' : TCG);
  }
  return readFileSync(answer, 'utf8');
};
