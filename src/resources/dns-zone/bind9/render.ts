/** The two files of a zone, in the words of named.conf(5) and RFC 1035. */
import { headed, INSIDE, zoneData } from '../../../facts/bind9/files.ts';
import { markOf } from '../../../facts/bind9/mark.ts';
import { resolveAll, stringsOf, zoneOf, type ResolvedRecord } from '../resolved.ts';
import type { Desired } from '../schema.ts';

export interface Texts {
  readonly conf: string;
  /** Its records; none of a zone that is forwarded. */
  readonly data?: string;
}

const TTL = 3600;
/** Seconds: what a secondary server would wait, and how long it is remembered that there is no such name. */
const TIMES = '3600 600 604800 300';

const headingOf = (zone: string): string => `DnsZone[${zone}]`;

const forwarder = (server: string): string => `${server.replace('#', ' port ')};`;

const statementOf = (want: Desired, zone: string): string => {
  if (want.forwarders.length > 0)
    return `zone "${zone}" { type forward; forward only; forwarders { ${want.forwarders.map(forwarder).join(' ')} }; };\n`;
  const where = want.authoritative ? 'any' : INSIDE;
  return `zone "${zone}" { type primary; file "${zoneData(zone)}"; allow-query-on { ${where}; }; };\n`;
};

const dataOf = (one: ResolvedRecord): string => {
  if (one.type === 'TXT') return stringsOf(one.data).join(' ');
  return one.type === 'A' || one.type === 'AAAA' ? one.data : `${one.data}.`;
};

const lineOf = (one: ResolvedRecord): string => {
  const words = [one.type, dataOf(one)];
  if (one.ttl !== undefined) words.unshift(String(one.ttl));
  return `${one.wildcard ? '*.' : ''}${one.name}. ${words.join(' ')}`;
};

const renderData = (want: Desired, zone: string, serial: number): string => {
  const server = `${(want.nameServer ?? 'localhost').toLowerCase()}.`;
  return [
    `; managed by phoenix: ${headingOf(zone)}`,
    `$TTL ${want.ttl ?? TTL}`,
    `${zone}. SOA ${server} hostmaster.${zone}. ${serial} ${TIMES}`,
    `${zone}. NS ${server}`,
    ...resolveAll(want.records, zone).map(lineOf),
    '',
  ].join('\n');
};

/** With the serial that the data has: it is raised when it is written. */
export const render = (want: Desired, serial: number): Texts => {
  const zone = zoneOf(want);
  const statement = headed(headingOf(zone), statementOf(want, zone));
  return {
    conf: `${statement}${markOf(statement)}`,
    ...(want.forwarders.length > 0 ? {} : { data: renderData(want, zone, serial) }),
  };
};
