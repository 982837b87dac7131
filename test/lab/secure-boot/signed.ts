/** Makes a machine that boots by systemd-boot one that does so with Secure Boot, as Debian does it: by shim. */
import { join } from 'node:path';
import { allOf } from '../expect.ts';
import { FIRMWARE_KEY } from '../machine/firmware.ts';
import type { Machine } from '../machine/machine.ts';
import { currentRelease } from '../release.ts';

export const securePackages = (): string[] => [
  ...['shim-unsigned', 'sbsigntool', 'mokutil'],
  currentRelease().version === '12' ? 'libefivar1' : 'libefivar1t64',
];

const FOLDER = '/root/secure-boot';
const BOOT = '/boot/efi/EFI/BOOT';
const OWNER = { key: `${FOLDER}/owner.key`, certificate: `${FOLDER}/owner.der` };
/** Where DKMS has the certificate of its own key. */
const OF_DKMS = '/var/lib/dkms/mok.pub';

const signed = (source: string, target: string): string =>
  `sbsign --key ${FOLDER}/firmware.key --cert ${FOLDER}/firmware.pem --output ${target} ${source} 2>> ${FOLDER}/log`;

const newKey = (algorithm: string, key: string, certificate: string): string =>
  `openssl req -new -x509 -nodes -days 36500 -subj '/CN=DKMS module signing key' -newkey ${algorithm} -keyout ${key} -outform DER -out ${certificate} 2> /dev/null`;

/** shim is the first, the loader the second, and the kernel is as Debian has signed it: shim knows that key. */
const SIGN = allOf(
  'dpkg -i /root/debs/shim* /root/debs/sbsigntool* /root/debs/mokutil* /root/debs/libefivar* > /root/dpkg 2>&1 || (cat /root/dpkg; false)',
  `openssl rsa -in ${FOLDER}/firmware.enc -passin pass:${FIRMWARE_KEY.passphrase} -out ${FOLDER}/firmware.key 2> /dev/null`,
  signed(`${BOOT}/BOOTX64.EFI`, `${BOOT}/grubx64.efi`),
  signed('/usr/lib/shim/shimx64.efi', `${BOOT}/BOOTX64.EFI`),
  newKey('rsa:2048', OWNER.key, OWNER.certificate),
  // DKMS has a key, of which nobody has told the firmware
  `mkdir -p /var/lib/dkms && ${newKey('ec -pkeyopt ec_paramgen_curve:P-256', '/dev/null', OF_DKMS)}`,
);

/** Gives the certificate that the owner of the machine is to have confirmed. */
export const signForSecureBoot = async (machine: Machine): Promise<Buffer> => {
  await machine.succeed(`mkdir -p ${FOLDER}`);
  await machine.copyIn(FIRMWARE_KEY.certificate, `${FOLDER}/firmware.pem`);
  await machine.copyIn(FIRMWARE_KEY.key, `${FOLDER}/firmware.enc`);
  await machine.copyIn(join(import.meta.dirname, 'sign-file'), `${FOLDER}/sign-file`);
  await machine.succeed(SIGN);
  return Buffer.from(await machine.succeed(`base64 -w0 ${OWNER.certificate}`), 'base64');
};

const inPlace = (file: string): string =>
  `sh ${FOLDER}/sign-file sha512 ${OWNER.key} ${OWNER.certificate} ${file}`;

/** The key that was confirmed is that of DKMS, and a module that DKMS has built is signed with it. */
export const signWithConfirmedKey = (module: string): string =>
  allOf(
    `cp ${OWNER.certificate} ${OF_DKMS}`,
    `file=$(modinfo -F filename ${module})
     case $file in
       *.xz) file=\${file%.xz}; xz -d $file.xz; ${inPlace('$file')}; xz -0 --check=crc32 $file ;;
       *) ${inPlace('$file')} ;;
     esac`,
  );
