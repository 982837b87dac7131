/** Whether the firmware lets only signed kernels and modules run, and whether it knows the key that DKMS signs with. */
import type { HostReader } from '../host/host.ts';

const EFIVARS = '/sys/firmware/efi/efivars';
const SECURE_BOOT = `${EFIVARS}/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c`;
/** What shim was given to trust besides (machine owner keys), as it shows it to the kernel. */
const MOK_LIST = /^MokListRT\d*-605dab50-e046-4300-abb6-3dd810dd8b23$/;
export const DKMS_KEY = '/var/lib/dkms/mok.pub';

export interface SecureBoot {
  readonly on: boolean;
  /** The key of DKMS is among those that are trusted. */
  readonly trustsDkms: boolean;
}

/** A variable begins with four bytes of attributes. */
const isOn = (host: HostReader): boolean => host.readFile(SECURE_BOOT)?.[4] === 1;

/** The list holds whole certificates in the form that DKMS keeps its own in (DER). */
const trustsDkms = (host: HostReader): boolean => {
  const key = host.readFile(DKMS_KEY);
  if (key === undefined || key.length === 0) return false;
  return (host.readDirectory(EFIVARS) ?? [])
    .filter((name) => MOK_LIST.test(name))
    .some((name) => host.readFile(`${EFIVARS}/${name}`)?.includes(key) ?? false);
};

export const secureBoot = (host: HostReader): SecureBoot => {
  const on = isOn(host);
  return { on, trustsDkms: on && trustsDkms(host) };
};
