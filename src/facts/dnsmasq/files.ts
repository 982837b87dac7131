/** Where dnsmasq's configuration is: ours, and that of others, which is only looked at. */
import type { HostReader } from '../../host/host.ts';

export const MAIN = '/etc/dnsmasq.conf';
export const FOLDER = '/etc/dnsmasq.d';
export const SERVER_FILE = `${FOLDER}/phoenix-server.conf`;
/** Outside the folder above, in which dnsmasq takes every file for configuration. */
export const HOSTS_FOLDER = '/etc/dnsmasq.phoenix';

const ZONE_PREFIX = 'phoenix-zone-';
export const zoneFile = (zone: string): string => `${FOLDER}/${ZONE_PREFIX}${zone}.conf`;
/** Addresses of a zone: read again at a reload, as configuration is not (dnsmasq(8), NOTES). */
export const hostsFile = (zone: string): string => `${HOSTS_FOLDER}/${zone}.hosts`;

const isOurs = (name: string): boolean => name.startsWith(ZONE_PREFIX) || `${FOLDER}/${name}` === SERVER_FILE;

/** As Debian starts it: `-7 /etc/dnsmasq.d,.dpkg-dist,.dpkg-old,.dpkg-new`. */
const PASSED_OVER = /^\.|^#.*#$|~$|\.dpkg-(?:dist|old|new)$/;

export const namesIn = (host: HostReader): string[] =>
  (host.readDirectory(FOLDER) ?? []).filter((name) => !PASSED_OVER.test(name));

/** Zones that we have files of. */
export const zonesOnDisk = (host: HostReader): string[] =>
  namesIn(host).flatMap((name) => {
    const [, zone] = /^phoenix-zone-(.+)\.conf$/.exec(name) ?? [];
    return zone === undefined ? [] : [zone];
  });

/** A line of somebody else's configuration. */
export interface Line {
  /** `/etc/dnsmasq.d/lan.conf:3`. */
  readonly at: string;
  readonly key: string;
  readonly value: string;
}

const linesOf = (file: string, text: string): Line[] =>
  text.split('\n').flatMap((raw, index) => {
    const line = raw.replace(/(?:^|\s)#.*$/, '').trim();
    if (line === '') return [];
    const [, key = '', value = ''] = /^([^=\s]+)\s*(?:=\s*(.*))?$/.exec(line) ?? [];
    return [{ at: `${file}:${index + 1}`, key, value }];
  });

export const foreignLines = (host: HostReader): Line[] =>
  [MAIN, ...namesIn(host).flatMap((name) => (isOurs(name) ? [] : [`${FOLDER}/${name}`]))].flatMap((file) => {
    // In its folder there may be others besides, for later use.
    const isFile = host.lstat(file)?.type === 'file';
    return isFile ? linesOf(file, host.readFile(file)?.toString() ?? '') : [];
  });
