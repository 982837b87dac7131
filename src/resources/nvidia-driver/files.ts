/** Where things are that are ours. */
export const BLACKLIST = '/etc/modprobe.d/phoenix-nvidia-driver.conf';

/** nouveau may be loaded before the root is mounted: it must be told in the initramfs, too. */
export const BLACKLIST_TEXT = `# managed by phoenix: NvidiaDriver[host]
blacklist nouveau
options nouveau modeset=0
`;

/** For what is fetched and tried; root's alone. */
export const WORK = '/var/lib/phoenix/nvidia';

/** Installers that were fetched, under their checksums. */
export const RUNFILES = '/var/lib/phoenix/nvidia-runfiles';
export const runfileOf = (sha256: string): string => `${RUNFILES}/${sha256}.run`;
