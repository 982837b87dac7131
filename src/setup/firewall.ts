import { z } from 'zod';
import { rule } from '../resources/firewall/rule-schema.ts';
import firewall from '../resources/firewall/index.ts';
import { portsOf, SERVICE_NAMES, type Elsewhere } from './firewall-services.ts';
import { defineStep, said, type Entry } from './step.ts';

const name = z.enum(SERVICE_NAMES);

const service = z.strictObject({
  name: name.meta({ description: 'which service' }),
  ports: z
    .array(z.int().min(1).max(65535))
    .min(1)
    .optional()
    .meta({ description: 'TCP ports in the place of the usual ones, such as those of an sshd elsewhere' }),
  source: rule.shape.source,
  iface: rule.shape.iface,
});
type Service = z.output<typeof service>;

const schema = z
  .strictObject({
    ...firewall.desired.shape,
    services: z
      .array(z.union([name, service]))
      .default([])
      .meta({
        description:
          'services to open by name, after the rules: to all, or with `source` and `iface` to some; what the sections nfs and samba say of ports counts',
      }),
  })
  .optional()
  .meta({ description: 'the packet filter: nftables, or the firewall of Proxmox VE on hosts that have it' });

const opened = (one: Service, elsewhere: Elsewhere): Record<string, unknown>[] => {
  const ports = one.ports === undefined ? portsOf(one.name, elsewhere) : [{ proto: 'tcp', port: one.ports }];
  return ports.map((port) => ({
    action: 'ACCEPT',
    ...port,
    ...said({ source: one.source, iface: one.iface }),
    comment: `service ${one.name}`,
  }));
};

const nftables: Entry = { kind: 'AptPackage', desired: { name: 'nftables' }, at: [], inPassing: true };

export default defineStep({
  number: 3,
  name: 'firewall',
  section: 'firewall',
  schema,
  resources: (section, _context, manifest) => {
    if (section === undefined) return [];
    const { services, rules, ...rest } = section;
    const all = services.map((one) => (typeof one === 'string' ? { name: one } : one));
    const desired = said({
      ...rest,
      rules: [...rules.map(said), ...all.flatMap((one) => opened(one, manifest as Elsewhere))],
    });
    const own: Entry = { kind: 'Firewall', desired, at: [] };
    return section.enabled && section.backend !== 'proxmox' ? [nftables, own] : [own];
  },
});
