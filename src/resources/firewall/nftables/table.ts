/** The table as text: one form for what is wanted and for what is live, so that the two can be compared by a reader. */
import { networksOf, type Range } from '../addresses.ts';
import { formatPort, type PortRange } from '../ports.ts';
import type { Chain, ChainRule } from '../ruleset.ts';

export const TABLE = 'phoenix';

export const listed = (elements: readonly string[]): string =>
  elements.length === 1 ? (elements[0] ?? '') : `{ ${elements.join(', ')} }`;

export const addressesText = (ranges: readonly Range[]): string => listed(ranges.flatMap(networksOf));

export const portsText = (ports: readonly PortRange[]): string =>
  listed(ports.map((port) => formatPort(port, '-')));

const addressMatches = ({ source, destination }: ChainRule): string[] =>
  Object.entries({ saddr: source, daddr: destination }).flatMap(([field, ranges]) =>
    ranges === undefined
      ? []
      : [`${ranges[0]?.family === 6 ? 'ip6' : 'ip'} ${field} ${addressesText(ranges)}`],
  );

/** nft(8) prints the protocol by its name in /etc/protocols. */
const PROTOCOLS: Readonly<Record<string, string>> = { icmpv6: 'ipv6-icmp' };

const protocolMatches = ({ proto, sourcePorts, ports, icmpTypes }: ChainRule): string[] => {
  if (proto === undefined) return [];
  const details = [
    ...(sourcePorts === undefined ? [] : [`${proto} sport ${portsText(sourcePorts)}`]),
    ...(ports === undefined ? [] : [`${proto} dport ${portsText(ports)}`]),
    ...(icmpTypes === undefined ? [] : [`${proto} type ${listed([...icmpTypes].sort())}`]),
  ];
  return details.length > 0 ? details : [`meta l4proto ${PROTOCOLS[proto] ?? proto}`];
};

const VERDICTS = { ACCEPT: 'accept', DROP: 'drop', REJECT: 'reject' } as const;

const ruleText = (rule: ChainRule, counted: boolean): string =>
  [
    ...(rule.state === undefined ? [] : [`ct state ${rule.state}`]),
    ...(rule.inIface === undefined ? [] : [`iifname "${rule.inIface}"`]),
    ...(rule.outIface === undefined ? [] : [`oifname "${rule.outIface}"`]),
    ...addressMatches(rule),
    ...protocolMatches(rule),
    ...(counted && rule.declared ? ['counter'] : []),
    ...(rule.log ? [`log prefix "${TABLE}: "`] : []),
    VERDICTS[rule.action],
    ...(rule.comment === undefined ? [] : [`comment "${rule.comment}"`]),
  ].join(' ');

export interface ChainText {
  readonly name: string;
  /** `type filter hook input priority 0; policy drop;` */
  readonly head: string;
  readonly rules: readonly string[];
}

export const tableText = (chains: readonly ChainText[], others: readonly string[] = []): string =>
  [
    `table inet ${TABLE} {`,
    ...others.map((other) => `\t${other}`),
    ...chains.flatMap(({ name, head, rules }) => [
      `\tchain ${name} {`,
      `\t\t${head}`,
      ...rules.map((rule) => `\t\t${rule}`),
      '\t}',
    ]),
    '}\n',
  ].join('\n');

/** A policy of nft drops or accepts; to reject takes a last rule. */
const chainText = ({ name, policy, rules }: Chain, counted: boolean): ChainText => ({
  name,
  head: `type filter hook ${name} priority 0; policy ${policy === 'ACCEPT' ? 'accept' : 'drop'};`,
  rules: [
    ...rules.map((rule) => ruleText(rule, counted)),
    ...(policy === 'REJECT' ? [counted ? 'counter reject' : 'reject'] : []),
  ],
});

/** As it is compared. */
export const wantedTable = (chains: readonly Chain[]): string =>
  tableText(chains.map((chain) => chainText(chain, false)));

/**
 * The first line makes the table if it is not there, so that the second can delete it; `destroy`, which needs no such
 * thing, is a syntax error in nft 1.0.6. All of it is one transaction.
 */
export const CLEARED = `table inet ${TABLE}\ndelete table inet ${TABLE}\n`;

/** As it is loaded, with counters. */
export const fileText = (chains: readonly Chain[]): string =>
  `# managed by phoenix: Firewall[host]\n${CLEARED}${tableText(chains.map((chain) => chainText(chain, true)))}`;
