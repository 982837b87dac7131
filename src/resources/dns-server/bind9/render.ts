/** Our two files, in the words of named.conf(5). */
import { LOOPBACK, isIpv4, normalAddress } from '../../../facts/addresses.ts';
import { headed, INSIDE, PATTERN } from '../../../facts/bind9/files.ts';
import { markOf, MARKS } from '../../../facts/bind9/mark.ts';
import type { Desired } from '../schema.ts';

export interface Texts {
  readonly options: string;
  /** Which version of the options there is. */
  readonly mark: string;
}

const HEADING = 'DnsServer[bind9]';

/** As the package has it (Debian 13), without its comments. */
export const PACKAGED = 'options {\n  directory "/var/cache/bind";\n};\n';

/** What no answer of the Internet is to contain: RFC 1918, 3927, 4193, 4291, 6598. */
const PRIVATE = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
  ...['fc00::/7', 'fe80::/10'],
];

export const insideOf = ({ listen }: Pick<Desired, 'listen'>): string[] => [
  ...new Set([LOOPBACK, ...listen.map(normalAddress)]),
];

const list = (words: readonly string[]): string =>
  words.length === 0 ? '{ none; }' : `{ ${words.map((word) => `${word};`).join(' ')} }`;

const quoted = (names: readonly string[]): string[] => names.map((name) => `"${name.toLowerCase()}"`);

/** `10.0.0.1#5353`, as the manifest writes it. */
const server = (text: string): string => text.replace('#', ' port ');

const when = (is: boolean, ...lines: string[]): string[] => (is ? lines : []);

const forwarding = ({ upstream }: Desired): string[] =>
  when(upstream.length > 0, 'forward only', `forwarders ${list(upstream.map(server))}`);

const trust = ({ dnssec, rebindProtection, internal }: Desired): string[] => {
  const names = list(quoted(internal));
  return [
    `dnssec-validation ${dnssec ? 'auto' : 'no'}`,
    ...when(dnssec && internal.length > 0, `validate-except ${names}`),
    ...when(
      rebindProtection,
      `deny-answer-addresses ${list(PRIVATE)}${internal.length > 0 ? ` except-from ${names}` : ''}`,
    ),
  ];
};

const listening = (want: Desired): string[] => {
  const all = [...new Set([...insideOf(want), ...(want.authority?.listen ?? [])])];
  return [
    `listen-on ${list(all.filter(isIpv4))}`,
    `listen-on-v6 ${list(all.filter((address) => !isIpv4(address)))}`,
  ];
};

const optionsOf = (want: Desired): string[] => [
  'directory "/var/cache/bind"',
  ...listening(want),
  // who gets here is decided by the firewall; what is answered where, by the address that was asked
  'allow-query { any; }',
  'allow-recursion { any; }',
  `allow-recursion-on { ${INSIDE}; }`,
  'allow-query-cache { any; }',
  `allow-query-cache-on { ${INSIDE}; }`,
  'allow-transfer { none; }',
  // its own default is nine tenths of the memory, which is the guests'
  'max-cache-size 64m',
  ...forwarding(want),
  ...trust(want),
];

export const render = (want: Desired): Texts => {
  const options = headed(
    HEADING,
    [
      `acl ${INSIDE} ${list(insideOf(want))};`,
      'options {',
      ...optionsOf(want).map((line) => `  ${line};`),
      '};',
      `include "${PATTERN}";`,
      '',
    ].join('\n'),
  );
  return { options, mark: headed(HEADING, `${MARKS}${markOf(options)}`) };
};
