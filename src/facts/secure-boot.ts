/** Whether the kernel lets only signed modules be loaded, and whether it knows the key that DKMS signs with. */
import type { HostReader } from '../host/host.ts';

const EFIVARS = '/sys/firmware/efi/efivars';
const SECURE_BOOT = `${EFIVARS}/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c`;
const SHIM = '605dab50-e046-4300-abb6-3dd810dd8b23';
/** Of `mokutil --disable-validation`: then shim and the kernel let everything pass, whatever the firmware says. */
const NOT_VALIDATED = `${EFIVARS}/MokSBStateRT-${SHIM}`;
/** What the firmware trusts, and what shim was given to trust besides (machine owner keys), as it shows it to the kernel. */
const TRUSTED = new RegExp(`^(?:db-d719b2cb-3d3a-4596-a3bc-dad00e67656f|MokListRT\\d*-${SHIM})$`);

const CERTIFICATE = '/var/lib/dkms/mok.pub';
/** In the order in which DKMS reads them: what is said last counts. */
const dkmsFiles = (host: HostReader): string[] => [
  '/etc/dkms/framework.conf',
  ...(host.readDirectory('/etc/dkms/framework.conf.d') ?? [])
    .filter((name) => name.endsWith('.conf'))
    .sort()
    .map((name) => `/etc/dkms/framework.conf.d/${name}`),
];

export interface SecureBoot {
  readonly on: boolean;
  /** The key of DKMS is among those that are trusted. */
  readonly trustsDkms: boolean;
  /** Where its certificate is, or will be once it has built a module. */
  readonly certificate: string;
}

export const OFF: SecureBoot = { on: false, trustsDkms: false, certificate: CERTIFICATE };

/** A variable begins with four bytes of attributes. */
const isSet = (host: HostReader, path: string): boolean => host.readFile(path)?.[4] === 1;

const certificateOf = (host: HostReader): string =>
  dkmsFiles(host)
    .flatMap((path) => [
      ...(host.readFile(path)?.toString() ?? '').matchAll(/^\s*mok_certificate=["']?([^"'\s#]+)/gm),
    ])
    .map(([, path]) => path)
    .at(-1) ?? CERTIFICATE;

/** DKMS makes its own in the form of the lists (DER); one of the operator's may be text around the same. */
const der = (certificate: Buffer): Buffer => {
  const [, text] = /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(certificate.toString('latin1')) ?? [];
  return text === undefined ? certificate : Buffer.from(text, 'base64');
};

/** The lists hold whole certificates. */
const trusts = (host: HostReader, certificate: string): boolean => {
  const key = der(host.readFile(certificate) ?? Buffer.alloc(0));
  if (key.length === 0) return false;
  return (host.readDirectory(EFIVARS) ?? [])
    .filter((name) => TRUSTED.test(name))
    .some((name) => host.readFile(`${EFIVARS}/${name}`)?.includes(key) ?? false);
};

const isOn = (host: HostReader): boolean => isSet(host, SECURE_BOOT) && !isSet(host, NOT_VALIDATED);

export const secureBoot = (host: HostReader): SecureBoot => {
  if (!isOn(host)) return OFF;
  const certificate = certificateOf(host);
  return { on: true, trustsDkms: trusts(host, certificate), certificate };
};

export const enrol = (certificate: string): string =>
  `run \`mokutil --import ${certificate}\`, reboot, and confirm it at the console`;
