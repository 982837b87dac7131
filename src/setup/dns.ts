import { z } from 'zod';
import { refOf } from '../engine/resource-type.ts';
import dnsServer from '../resources/dns-server/index.ts';
import dnsZone from '../resources/dns-zone/index.ts';
import resolver from '../resources/resolver/index.ts';
import { defineStep, entriesOf, said, type Entry } from './step.ts';

const shape = dnsServer.desired.shape;

/** Without its default: what is not said is left to the kind, and with nothing said there is no server. */
const bare = <T extends z.ZodType>(field: z.ZodDefault<T>) =>
  field
    .unwrap()
    .optional()
    .meta({ description: field.meta()?.description ?? '' });

const server = {
  listen: bare(shape.listen),
  upstream: bare(shape.upstream),
  dnssec: bare(shape.dnssec),
  rebindProtection: bare(shape.rebindProtection),
  hosts: bare(shape.hosts),
  cacheSize: shape.cacheSize,
  localTtl: bare(shape.localTtl),
  authority: shape.authority,
  ensure: bare(shape.ensure),
};

const schema = z
  .strictObject({
    ...server,
    zones: z.array(dnsZone.desired).default([]).meta({ description: 'zones that it serves, as in DnsZone' }),
    resolver: resolver.desired.optional().meta({ description: 'whom this host asks, as in Resolver' }),
  })
  .optional()
  .meta({ description: 'the DNS server, its zones, and whom this host asks' });
type Dns = NonNullable<z.output<typeof schema>>;
type Desired = Readonly<Record<string, unknown>>;

/** Before the zones: what they answer is compared, so somebody must. */
const serverEntries = (desired: Desired): Entry[] => [
  { kind: 'AptPackage', desired: { name: 'dnsmasq' }, at: [], inPassing: true },
  { kind: 'DnsServer', desired, at: [] },
  {
    kind: 'SystemdUnit',
    desired: { name: 'dnsmasq.service', enabled: 'enabled', state: 'started' },
    at: [],
    requires: [refOf('DnsServer', 'dnsmasq')],
    inPassing: true,
  },
];

/** The host asks nobody new before every zone is answered. */
const resolverEntries = ({ resolver: desired, zones }: Dns): Entry[] =>
  desired === undefined
    ? []
    : [
        {
          kind: 'Resolver',
          desired: said(desired),
          at: ['resolver'],
          requires: zones.map(({ name }) => refOf('DnsZone', name.toLowerCase())),
        },
      ];

export default defineStep({
  number: 9,
  name: 'dns',
  section: 'dns',
  schema,
  resources: (section) => {
    if (section === undefined) return [];
    const { zones, resolver: _resolver, ...rest } = section;
    const desired: Desired = said(rest);
    const zoneEntries = entriesOf('DnsZone', 'zones', zones);
    if (desired['ensure'] === 'absent')
      return [...zoneEntries, { kind: 'DnsServer', desired, at: [] }, ...resolverEntries(section)];
    const isDeclared = Object.keys(desired).length > 0 || zones.length > 0;
    return [...(isDeclared ? serverEntries(desired) : []), ...zoneEntries, ...resolverEntries(section)];
  },
});
