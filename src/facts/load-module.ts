/** modprobe(8), and what it means where the kernel takes only modules that are signed. */
import { reasonOf } from '../engine/reading.ts';
import type { Host } from '../host/host.ts';
import { enrol, secureBoot } from './secure-boot.ts';

/** EKEYREJECTED and ENOKEY, in the words of the C library. */
const NOT_TRUSTED = /Key was rejected by service|Required key not available/;

export const loadModule = async (host: Host, name: string): Promise<void> => {
  try {
    await host.run({ program: 'modprobe', args: ['--', name] });
  } catch (error) {
    const reason = reasonOf(error);
    if (!NOT_TRUSTED.test(reason)) throw error;
    throw new Error(
      `the kernel takes only modules that are signed by a key it knows (Secure Boot), and ${name} is not; \`modinfo -F signer ${name}\` says who has signed it. If that is DKMS: ${enrol(secureBoot(host).certificate)}. If it is nobody, have DKMS build it again.\n${reason}`,
      { cause: error },
    );
  }
};
