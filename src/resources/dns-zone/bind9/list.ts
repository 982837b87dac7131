/** Our files of a zone as an entry of the manifest: `render`, backwards. */
import { zoneConf, zoneData, zonesOnDisk } from '../../../facts/bind9/files.ts';
import { inside, statementsIn } from '../../../facts/bind9/statements.ts';
import type { HostReader } from '../../../host/host.ts';
import { relative, target, unquoted } from '../written.ts';

type Fields = Readonly<Record<string, unknown>>;

const withoutDot = (name: string): string => name.replace(/\.$/, '');

/** By type: the words after it. */
const DATA: Readonly<Record<string, (zone: string, words: readonly string[], data: string) => Fields>> = {
  A: (_zone, [value]) => ({ value }),
  AAAA: (_zone, [value]) => ({ value }),
  CNAME: (zone, [name = '']) => ({ value: target(withoutDot(name), zone) }),
  PTR: (zone, [name = '']) => ({ value: target(withoutDot(name), zone) }),
  TXT: (_zone, _words, data) => ({ value: unquoted(data) }),
  MX: (zone, [priority, name = '']) => ({
    value: target(withoutDot(name), zone),
    priority: Number(priority),
  }),
  SRV: (zone, [priority, weight, port, name = '']) => ({
    value: target(withoutDot(name), zone),
    port: Number(port),
    priority: Number(priority),
    weight: Number(weight),
  }),
};

/** A record of ours: its whole name, its time to live if it has one, type and data. */
const LINE = /^(\*\.)?(\S+)\. (?:(\d+) )?([A-Z]+) (.*)$/;

const recordIn = (zone: string, line: string): Fields[] => {
  const [, wildcard = '', name = '', ttl, type = '', data = ''] = LINE.exec(line) ?? [];
  const parse = DATA[type];
  if (parse === undefined) return [];
  const short = relative(name, zone);
  return [
    {
      name: short === '@' && wildcard !== '' ? '*' : `${wildcard}${short}`,
      type,
      ...parse(zone, data.split(' '), data),
      ...(ttl === undefined ? {} : { ttl: Number(ttl) }),
    },
  ];
};

const nameServerIn = (data: string): Fields => {
  const [, server = 'localhost'] = /^\S+ NS (\S+)\.$/m.exec(data) ?? [];
  return server === 'localhost' ? {} : { nameServer: server };
};

const ttlIn = (data: string): Fields => {
  const [, ttl = '3600'] = /^\$TTL (\d+)$/m.exec(data) ?? [];
  return ttl === '3600' ? {} : { ttl: Number(ttl) };
};

const forwardersIn = (statement: string): string[] => {
  const [, list = ''] = /forwarders (\{[^}]*\})/.exec(statement) ?? [];
  return statementsIn(inside(list)).map((server) => server.replace(' port ', '#'));
};

const entryOf = (zone: string, conf: string, data: string): Fields => {
  const [statement = ''] = statementsIn(conf);
  const forwarders = forwardersIn(statement);
  const records = data.split('\n').flatMap((line) => recordIn(zone, line));
  return {
    name: zone,
    backend: 'bind9',
    ...(records.length === 0 ? {} : { records }),
    ...(forwarders.length === 0 ? {} : { forwarders }),
    ...(statement.includes('allow-query-on { any; }') ? { authoritative: true } : {}),
    ...ttlIn(data),
    ...nameServerIn(data),
  };
};

export const listBind9 = (host: HostReader): Fields[] => {
  const textOf = (path: string): string => host.readFile(path)?.toString() ?? '';
  return zonesOnDisk(host).map((zone) => entryOf(zone, textOf(zoneConf(zone)), textOf(zoneData(zone))));
};
