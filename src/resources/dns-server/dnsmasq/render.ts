/** Our file, in the words of dnsmasq(8). */
import { LOOPBACK, normalAddress } from '../../../facts/addresses.ts';
import { SERVER_PART, withMark } from '../../../facts/dnsmasq/mark.ts';
import type { Desired } from '../schema.ts';

/** Of the package dnsmasq-base, which knows the keys of the root. */
const TRUST_ANCHORS = '/usr/share/dnsmasq-base/trust-anchors.conf';

const when = (is: boolean, ...lines: string[]): string[] => (is ? lines : []);

export const addressesOf = ({ listen }: Pick<Desired, 'listen'>): string[] => [
  ...new Set([LOOPBACK, ...listen.map(normalAddress)]),
];

const authorityLines = ({ authority }: Desired): string[] =>
  authority === undefined
    ? []
    : [`auth-server=${[authority.name.toLowerCase(), ...authority.listen].join(',')}`];

const linesOf = (want: Desired): string[] => [
  ...addressesOf(want).map((address) => `listen-address=${address}`),
  // bind-interfaces would not start before each address is there
  'bind-dynamic',
  'no-resolv',
  'domain-needed',
  'bogus-priv',
  ...when(!want.hosts, 'no-hosts'),
  ...want.upstream.map((server) => `server=${server}`),
  ...when(want.dnssec, `conf-file=${TRUST_ANCHORS}`, 'dnssec', 'dnssec-check-unsigned'),
  ...when(want.rebindProtection, 'stop-dns-rebind', 'rebind-localhost-ok'),
  ...when(want.cacheSize !== undefined, `cache-size=${want.cacheSize ?? 0}`),
  ...when(want.localTtl > 0, `local-ttl=${want.localTtl}`),
  ...authorityLines(want),
];

export const render = (want: Desired): string => withMark('DnsServer[dnsmasq]', SERVER_PART, linesOf(want));
