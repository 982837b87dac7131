import { z } from 'zod';
import aptPackage from '../resources/apt-package/index.ts';
import hostname from '../resources/hostname/index.ts';
import hostsFile from '../resources/hosts-file/index.ts';
import logRotate from '../resources/log-rotate/index.ts';
import sysctl from '../resources/sysctl/index.ts';
import timezone from '../resources/timezone/index.ts';
import { defineStep, entriesOf, notAvailable, said, type Entry } from './step.ts';

const packageName = aptPackage.desired.shape.name;

const apt = z.strictObject({
  sources: notAvailable('apt.sources'),
  packages: z
    .array(z.union([packageName, z.strictObject(aptPackage.desired.shape)]))
    .default([])
    .meta({ description: 'packages: a name, or an AptPackage' }),
  upgrade: z
    .literal('none', { error: 'only `none` is available in this version of phoenix' })
    .default('none')
    .meta({ description: 'whether installed packages are upgraded; only none in this version' }),
});

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
    ntp: notAvailable('ntp'),
    apt: apt.optional().meta({ description: 'packages from the archive' }),
    network: notAvailable('network'),
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

const packageEntries = ({ apt: section }: Initial): Entry[] =>
  (section?.packages ?? []).map((one, index) => ({
    kind: 'AptPackage',
    desired: typeof one === 'string' ? { name: one } : said(one),
    at: ['apt', 'packages', index],
  }));

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
          ...packageEntries(section),
          ...Object.entries(section.sysctl).map(([key, value]) => ({
            kind: 'Sysctl',
            desired: { key, value },
            at: ['sysctl', key],
          })),
          ...entriesOf('LogRotate', 'logrotate', section.logrotate),
        ],
});
