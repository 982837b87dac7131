/** Lines of others that are about our zone or names: dnsmasq would take both, and answer with a mixture. */
import type { Line } from '../../../facts/dnsmasq/files.ts';
import { resolveAll, zoneOf } from '../resolved.ts';
import type { Desired } from '../schema.ts';

/** Between slashes stands what they are for. */
const BY_DOMAIN = new Set(['address', 'local', 'server', 'auth-zone']);
/** Everything but the last word is a name. */
const ALIASES = new Set(['cname']);
const BY_NAME = new Set(['host-record', 'txt-record', 'srv-host', 'mx-host', 'ptr-record', 'interface-name']);

const domainsIn = ({ key, value }: Line): string[] =>
  key === 'auth-zone' ? value.split(',').slice(0, 1) : value.split('/').slice(1, -1);

const namesIn = ({ key, value }: Line): string[] => {
  const words = value.split(',').map((word) => word.trim().toLowerCase());
  if (ALIASES.has(key)) return words.filter((word) => !/^\d+$/.test(word)).slice(0, -1);
  return key === 'host-record' ? words.filter((word) => !/^[\d.]+$|:/.test(word)) : words.slice(0, 1);
};

const isAbout = (line: Line, zone: string, names: ReadonlySet<string>): boolean => {
  if (BY_DOMAIN.has(line.key))
    return domainsIn(line).some((domain) => {
      const lower = domain.toLowerCase().replace(/^\*?\.?/, '');
      return lower !== '' && (lower === zone || names.has(lower));
    });
  if (!BY_NAME.has(line.key) && !ALIASES.has(line.key)) return false;
  return namesIn(line).some((name) => names.has(name));
};

export const foreignTo = (want: Desired, lines: readonly Line[]): string[] => {
  const zone = zoneOf(want);
  const names = new Set(resolveAll(want.records, zone).map(({ name }) => name));
  return lines
    .filter((line) => isAbout(line, zone, names))
    .map(({ at, key, value }) => `${at} has \`${key}=${value}\``);
};
