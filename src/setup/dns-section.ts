/** What the section `dns` may say. */
import { z } from 'zod';
import dnsServer from '../resources/dns-server/index.ts';
import { zoneInSection } from '../resources/dns-zone/schema.ts';
import resolver from '../resources/resolver/index.ts';
import { said } from './step.ts';

const shape = dnsServer.desired.shape;

/** Without its default: what is not said is left to the kind, and with nothing said there is no server. */
const bare = <T extends z.ZodType>(field: z.ZodDefault<T>) =>
  field
    .unwrap()
    .optional()
    .meta({ description: field.meta()?.description ?? '' });

const server = {
  backend: bare(shape.backend),
  listen: bare(shape.listen),
  upstream: bare(shape.upstream),
  dnssec: bare(shape.dnssec),
  internal: bare(shape.internal),
  rebindProtection: bare(shape.rebindProtection),
  hosts: bare(shape.hosts),
  cacheSize: shape.cacheSize,
  localTtl: bare(shape.localTtl),
  authority: shape.authority,
  ensure: bare(shape.ensure),
};

export const schema = z
  .strictObject({
    ...server,
    zones: z
      .array(zoneInSection)
      .default([])
      .meta({ description: 'zones that it serves, as in DnsZone, all by the program of the server' }),
    resolver: resolver.desired.optional().meta({ description: 'whom this host asks, as in Resolver' }),
  })
  .superRefine(({ zones: _zones, resolver: _resolver, ...settings }, context) => {
    // Here, and not with the resource: what relies on a server that is none would be told as well.
    for (const { path, message } of dnsServer.desired.safeParse(said(settings)).error?.issues ?? [])
      context.addIssue({ code: 'custom', path, message });
  })
  .optional()
  .meta({ description: 'the DNS server, its zones, and whom this host asks' });

export type Dns = NonNullable<z.output<typeof schema>>;
export type Zone = Dns['zones'][number];
export type DnsRecord = Zone['records'][number];
