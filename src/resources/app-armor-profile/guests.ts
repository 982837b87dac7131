/** Containers whose configuration names a profile: they do not start without it. */
import type { HostReader } from '../../host/host.ts';

const configsOf = (host: HostReader): string[] => [
  ...(host.readDirectory('/etc/pve/lxc') ?? [])
    .filter((name) => name.endsWith('.conf'))
    .map((name) => `/etc/pve/lxc/${name}`),
  ...(host.readDirectory('/var/lib/lxc') ?? []).map((name) => `/var/lib/lxc/${name}/config`),
];

const profileIn = (host: HostReader, path: string): string | undefined =>
  /^[ \t]*lxc\.apparmor\.profile[ \t]*[:=][ \t]*(\S+)/m.exec(host.readFile(path)?.toString() ?? '')?.[1];

/** Files that name one of these profiles. */
export const guestsOf = (host: HostReader, profiles: readonly string[]): readonly string[] =>
  profiles.length === 0
    ? []
    : configsOf(host).filter((path) => profiles.includes(profileIn(host, path) ?? ''));
