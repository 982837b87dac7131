/** What one of the programs cannot express, of a record and of a zone. */
import { isReverse } from '../../facts/domain-name.ts';
import type { Issue, Type, Written } from './record.ts';
import type { Limited } from './schema.ts';

const ADDRESSES: readonly Type[] = ['A', 'AAAA'];
const WITH_TTL: readonly Type[] = [...ADDRESSES, 'CNAME'];

type Limit<T> = readonly [field: string, is: (one: T) => boolean, message: string];

const isWildcard = ({ name }: Written): boolean => name.startsWith('*');

const RECORD: readonly Limit<Written>[] = [
  [
    'name',
    (one) => isWildcard(one) && !ADDRESSES.includes(one.type),
    'a name with `*` can only have addresses (A, AAAA)',
  ],
  ['ttl', (one) => one.ttl !== undefined && isWildcard(one), 'dnsmasq has no ttl for a name with `*`'],
  [
    'ttl',
    ({ ttl, type }) => ttl !== undefined && !WITH_TTL.includes(type),
    `dnsmasq has a ttl only for ${WITH_TTL.join(', ')}`,
  ],
];

const EMPTY = 'expected records or forwarders: of a zone without any no name would exist';

/** With bind9 a reverse zone gets its records from the addresses of the others. */
const isEmpty = ({ ensure, records, forwarders }: Limited): boolean =>
  ensure === 'present' && records.length === 0 && forwarders.length === 0;

const DNSMASQ: readonly Limit<Limited>[] = [
  [
    'records',
    ({ authoritative, records }) => authoritative && records.some(isWildcard),
    'dnsmasq has no names with `*` in an authoritative zone',
  ],
  ['ttl', ({ ttl }) => ttl !== undefined, 'dnsmasq has one for all zones; declare `localTtl` of the server'],
  [
    'nameServer',
    ({ nameServer }) => nameServer !== undefined,
    'dnsmasq has one for all zones; declare `authority` of the server',
  ],
  ['records', (want) => isEmpty(want), EMPTY],
];

const BIND9: readonly Limit<Limited>[] = [
  [
    'forwarders',
    ({ forwarders, records }) => forwarders.length > 0 && records.length > 0,
    'bind9 answers a zone itself or forwards it; declare the records in a zone of their own below it',
  ],
];

/** Of any program. */
const ALWAYS: readonly Limit<Limited>[] = [
  ['records', (want) => isEmpty(want) && !isReverse(want.name), EMPTY],
  [
    'forwarders',
    ({ authoritative, forwarders }) => authoritative && forwarders.length > 0,
    'an authoritative zone is not forwarded',
  ],
];

const first = <T>(limits: readonly Limit<T>[], one: T): Issue[] =>
  limits
    .filter(([, is]) => is(one))
    .slice(0, 1)
    .map(([field, , message]) => [field, message]);

export const zoneLimits = (want: Limited): Issue[] => {
  const ofProgram = want.backend === undefined ? [] : { dnsmasq: DNSMASQ, bind9: BIND9 }[want.backend];
  return first([...ALWAYS, ...ofProgram], want);
};

export const recordLimits = ({ backend }: Limited, record: Written): Issue[] =>
  backend === 'dnsmasq' ? first(RECORD, record) : [];
