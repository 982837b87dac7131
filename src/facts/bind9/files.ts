/**
 * Where named's configuration is, as Debian lays it out (/usr/share/doc/bind9/README.Debian): named.conf includes the
 * files of options and of local zones. There can be one statement `options` only, so the first of these is ours whole.
 */
import { basename, dirname } from 'node:path';
import type { HostReader } from '../../host/host.ts';

export const MAIN = '/etc/bind/named.conf';
export const OPTIONS = '/etc/bind/named.conf.options';

/** All that named reads besides ours, whatever the release calls it; keys are left out. */
export const mainFiles = (host: HostReader): string[] =>
  (host.readDirectory(dirname(MAIN)) ?? [])
    .filter((name) => name.startsWith(basename(MAIN)) && !/\.dpkg-\w+$|~$/.test(name))
    .map((name) => `${dirname(MAIN)}/${name}`);

export const FOLDER = '/etc/bind/phoenix';
/** Always there with the options: for a pattern that no file matches named does not start (9.18, 9.20). */
export const SERVER_FILE = `${FOLDER}/server.conf`;
/** Data of every zone that is only there to be there. */
export const EMPTY_FILE = `${FOLDER}/empty.db`;
export const PATTERN = `${FOLDER}/*.conf`;

export const zoneConf = (zone: string): string => `${FOLDER}/zone-${zone}.conf`;
export const zoneData = (zone: string): string => `${FOLDER}/zone-${zone}.db`;

export const isConfiguration = (path: string): boolean => !path.endsWith('.db');

/** Names of our files of configuration. */
export const namesIn = (host: HostReader): string[] =>
  (host.readDirectory(FOLDER) ?? []).filter((name) => name.endsWith('.conf'));

/** Zones that we have files of. */
export const zonesOnDisk = (host: HostReader): string[] =>
  namesIn(host).flatMap((name) => /^zone-(.+)\.conf$/.exec(name)?.[1] ?? []);

/** Addresses of this server that serve those inside: the others answer for authoritative zones alone. */
export const INSIDE = 'phoenix-inside';

const HEADING = '// managed by phoenix: ';
export const headed = (of: string, text: string): string => `${HEADING}${of}\n${text}`;
export const isOurs = (text: string): boolean => text.startsWith(HEADING);
