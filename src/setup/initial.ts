import { z } from 'zod';
import hostname from '../resources/hostname/index.ts';
import hostsFile from '../resources/hosts-file/index.ts';
import logRotate from '../resources/log-rotate/index.ts';
import ntpServer from '../resources/ntp-server/index.ts';
import sysctl from '../resources/sysctl/index.ts';
import timezone from '../resources/timezone/index.ts';
import { apt, aptEntries } from './initial-apt.ts';
import { ntpEntries } from './initial-ntp.ts';
import { network, networkEntries } from './network.ts';
import { defineStep, entriesOf, said, type Entry } from './step.ts';

const schema = z
  .strictObject({
    hostname: hostname.desired.shape.name.optional().meta({ description: 'the static host name, one label' }),
    domain: hostname.desired.shape.domain,
    address: hostname.desired.shape.address,
    hosts: hostsFile.desired.shape.entries.meta({
      description: 'names of other machines in /etc/hosts: addresses, and the names that stand for them',
    }),
    timezone: timezone.desired.shape.zone
      .optional()
      .meta({ description: 'the time zone, as below /usr/share/zoneinfo' }),
    ntp: ntpServer.desired.optional().meta({ description: 'where the time comes from, by chrony' }),
    apt: apt.optional().meta({ description: 'sources of packages, and packages' }),
    network,
    sysctl: z
      .record(sysctl.desired.shape.key, sysctl.desired.shape.value.unwrap())
      .default({})
      .meta({ description: 'kernel parameters: key and value' }),
    logrotate: z
      .array(logRotate.desired)
      .default([])
      .meta({ description: 'how logs are rotated, each in a file of its own' }),
  })
  .refine(({ hostname: name, domain, address }) => name !== undefined || (domain ?? address) === undefined, {
    path: ['hostname'],
    error: 'domain and address belong to a hostname, which is not given',
  })
  .optional()
  .meta({ description: 'the base system' });
type Initial = NonNullable<z.output<typeof schema>>;

const nameEntries = ({ hostname: name, domain, address }: Initial): Entry[] =>
  name === undefined
    ? []
    : [{ kind: 'Hostname', desired: said({ name, domain, address }), at: ['hostname'] }];

const hostsEntries = ({ hosts }: Initial): Entry[] =>
  hosts === undefined ? [] : [{ kind: 'HostsFile', desired: { entries: hosts }, at: ['hosts'] }];

export default defineStep({
  number: 1,
  name: 'initial',
  section: 'initial',
  schema,
  resources: (section) =>
    section === undefined
      ? []
      : [
          ...nameEntries(section),
          ...hostsEntries(section),
          ...(section.timezone === undefined
            ? []
            : [{ kind: 'Timezone', desired: { zone: section.timezone }, at: ['timezone'] }]),
          ...aptEntries(section.apt),
          ...ntpEntries(section.ntp),
          ...networkEntries(section.network),
          ...Object.entries(section.sysctl).map(([key, value]) => ({
            kind: 'Sysctl',
            desired: { key, value },
            at: ['sysctl', key],
          })),
          ...entriesOf('LogRotate', 'logrotate', section.logrotate),
        ],
});
