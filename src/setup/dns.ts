import { refOf } from '../engine/resource-type.ts';
import { DNS_UNITS, type DnsProgram } from '../facts/dns-programs.ts';
import { forwardedZones, zonesOfBind9 } from './dns-bind9.ts';
import { schema, type Dns } from './dns-section.ts';
import { defineStep, entriesOf, said, type Entry } from './step.ts';

type Desired = Readonly<Record<string, unknown>>;

const programOf = ({ backend = 'dnsmasq' }: Dns): DnsProgram => backend;

const packageEntry = (program: DnsProgram): Entry => ({
  kind: 'AptPackage',
  desired: { name: program },
  at: [],
  inPassing: true,
});

/**
 * named starts as it is installed, at all addresses, and shares port 53 with whoever has it: half of the questions would
 * be lost. So its settings are there before it is, and where the port is another's it is not installed.
 */
const programEntries = (program: DnsProgram, server: Entry): Entry[] =>
  program === 'bind9'
    ? [server, { ...packageEntry(program), requires: [refOf('DnsServer', program)] }]
    : [packageEntry(program), server];

/** Before the zones: what they answer is compared, so somebody must. */
const serverEntries = (program: DnsProgram, desired: Desired): Entry[] => [
  ...programEntries(program, { kind: 'DnsServer', desired, at: [] }),
  {
    kind: 'SystemdUnit',
    desired: { name: DNS_UNITS[program], enabled: 'enabled', state: 'started' },
    at: [],
    requires: [refOf('DnsServer', program), refOf('AptPackage', program)],
    inPassing: true,
  },
];

/** dnsmasq takes what it forwards for internal by itself. */
const settingsOf = (section: Dns): Desired => {
  const { zones, resolver: _resolver, ...rest } = section;
  if (programOf(section) === 'dnsmasq') return said(rest);
  const internal = [...new Set([...(rest.internal ?? []), ...forwardedZones(zones)])];
  return said({ ...rest, ...(internal.length === 0 ? {} : { internal }) });
};

const zoneEntries = ({ backend, zones, authority }: Dns): Entry[] =>
  entriesOf('DnsZone', 'zones', backend === 'bind9' ? zonesOfBind9(zones, authority?.name) : zones);

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

const entriesOfServer = (section: Dns): Entry[] => {
  const desired = settingsOf(section);
  const zones = zoneEntries(section);
  if (desired['ensure'] === 'absent') return [...zones, { kind: 'DnsServer', desired, at: [] }];
  const isDeclared = Object.keys(desired).length > 0 || zones.length > 0;
  return [...(isDeclared ? serverEntries(programOf(section), desired) : []), ...zones];
};

export default defineStep({
  number: 9,
  name: 'dns',
  section: 'dns',
  schema,
  resources: (section) =>
    section === undefined ? [] : [...entriesOfServer(section), ...resolverEntries(section)],
});
