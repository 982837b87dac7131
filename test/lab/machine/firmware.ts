/** EFI from Debian's package ovmf: what boots a machine that is to find its loader on a disk. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** It does not look for a system to boot on the network. */
const NO_NETWORK = ['IPv4', 'IPv6'].flatMap((ip) => [
  '-fw_cfg',
  `name=opt/org.tianocore/${ip}PXESupport,string=no`,
]);

export const FIRMWARE = ['-bios', '/usr/share/ovmf/OVMF.fd', ...NO_NETWORK];

/** The key that the firmware with Secure Boot trusts comes with the package, for tests: this is who it says to be. */
export const FIRMWARE_KEY = {
  certificate: '/usr/share/ovmf/PkKek-1-snakeoil.pem',
  key: '/usr/share/ovmf/PkKek-1-snakeoil.key',
  passphrase: 'snakeoil',
};

const CODE = '/usr/share/OVMF/OVMF_CODE_4M.secboot.fd';
const VARIABLES = '/usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd';

const uuid = (text: string): Buffer => {
  const [a, b, c, ...rest] = text.split('-');
  const swapped = [a, b, c].map((part) => Buffer.from(part!, 'hex').reverse());
  return Buffer.concat([...swapped, Buffer.from(rest.join(''), 'hex')]);
};

const SHIM = uuid('605dab50-e046-4300-abb6-3dd810dd8b23');
const X509 = uuid('a5c059a1-94e4-4aa7-87b5-ab155c2bf072');

/** EFI_SIGNATURE_LIST with one certificate, of which shim is the owner. */
const signatureList = (certificate: Buffer): Buffer => {
  const sizes = Buffer.alloc(12);
  const size = SHIM.length + certificate.length;
  sizes.writeUInt32LE(X509.length + sizes.length + size, 0);
  sizes.writeUInt32LE(size, 8);
  return Buffer.concat([X509, sizes, SHIM, certificate]);
};

const NON_VOLATILE_AT_BOOT = 3;

/** AUTHENTICATED_VARIABLE_HEADER, the name and the value, as edk2 keeps them in flash. */
const variable = (name: string, owner: Buffer, value: Buffer): Buffer => {
  const text = Buffer.from(`${name}\0`, 'utf16le');
  const header = Buffer.alloc(44);
  header.writeUInt16LE(0x55aa, 0);
  header.writeUInt8(0x3f, 2); // complete, and not deleted
  header.writeUInt32LE(NON_VOLATILE_AT_BOOT, 4);
  header.writeUInt32LE(text.length, 36);
  header.writeUInt32LE(value.length, 40);
  return Buffer.concat([header, owner, text, value]);
};

const HEADER = 60;
const aligned = (offset: number): number => (offset + 3) & ~3;

/** Where the flash is still blank: behind the header of the volume, that of the store, and each variable. */
const endOf = (flash: Buffer): number => {
  let offset = flash.readUInt16LE(0x30) + 28;
  while (flash.readUInt16LE(offset) === 0x55aa)
    offset = aligned(offset + HEADER + flash.readUInt32LE(offset + 36) + flash.readUInt32LE(offset + 40));
  return offset;
};

/**
 * Firmware with Secure Boot on, and with variables of its own in a folder. What shim is to trust besides is enrolled
 * beforehand: on a host, somebody at the console confirms it to MokManager.
 */
export const secureFirmware = async (folder: string, certificate: Buffer): Promise<string[]> => {
  const file = join(folder, 'variables.fd');
  await copyFile(VARIABLES, file);
  const flash = await readFile(file);
  variable('MokList', SHIM, signatureList(certificate)).copy(flash, endOf(flash));
  await writeFile(file, flash);
  return [
    ...['-machine', 'smm=on', '-global', 'driver=cfi.pflash01,property=secure,value=on'],
    ...['-drive', `if=pflash,unit=0,format=raw,readonly=on,file=${CODE}`],
    ...['-drive', `if=pflash,unit=1,format=raw,file=${file}`],
    ...NO_NETWORK,
  ];
};
