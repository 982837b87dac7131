/** Rules as lines of pve-firewall(8), and back to something that can be compared. */
import { networksOf, type Range } from '../addresses.ts';
import { proxmoxIcmpType } from '../icmp.ts';
import { formatPort, type PortRange } from '../ports.ts';
import type { Chain, ChainRule } from '../ruleset.ts';

/** By which a rule is known as ours: Proxmox VE keeps the comment of a rule when it writes the file anew. */
const MARK = 'phoenix:';

const DIRECTIONS = { input: 'IN', output: 'OUT', forward: 'FORWARD' } as const;

/** A list may have 15 ports, and a range counts as two (iptables-extensions(8), multiport). */
const MOST_PORTS = 15;

const portLists = (ports: readonly PortRange[] | undefined): (string | undefined)[] => {
  if (ports === undefined) return [undefined];
  const lists: PortRange[][] = [[]];
  let room = MOST_PORTS;
  for (const port of ports) {
    const size = port[0] === port[1] ? 1 : 2;
    if (size > room) {
      lists.push([]);
      room = MOST_PORTS;
    }
    lists.at(-1)?.push(port);
    room -= size;
  }
  return lists.map((list) => list.map((port) => formatPort(port, ':')).join(','));
};

const addresses = (ranges: readonly Range[] | undefined): string | undefined =>
  ranges?.flatMap(networksOf).join(',');

const PROTOCOLS: Readonly<Record<string, string>> = { icmpv6: 'ipv6-icmp' };

interface Parts {
  readonly dport: string | undefined;
  readonly sport: string | undefined;
  readonly icmpType: string | undefined;
}

const line = (direction: string, rule: ChainRule, { dport, sport, icmpType }: Parts): string => {
  const options: [string, string | undefined][] = [
    ['-i', rule.inIface ?? rule.outIface],
    ['-source', addresses(rule.source)],
    ['-dest', addresses(rule.destination)],
    ['-p', rule.proto === undefined ? undefined : (PROTOCOLS[rule.proto] ?? rule.proto)],
    ['-dport', dport],
    ['-sport', sport],
    ['-icmp-type', icmpType],
    ['-log', rule.log ? 'info' : undefined],
  ];
  const written = options.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]));
  const comment = [MARK, ...(rule.comment === undefined ? [] : [rule.comment])].join(' ');
  return [direction, rule.action, ...written, `# ${comment}`].join(' ');
};

/** What a list cannot hold becomes several rules. */
const linesOf = (direction: string, rule: ChainRule): string[] =>
  portLists(rule.ports).flatMap((dport) =>
    portLists(rule.sourcePorts).flatMap((sport) =>
      (rule.icmpTypes?.map(proxmoxIcmpType) ?? [undefined]).map((icmpType) =>
        line(direction, rule, { dport, sport, icmpType }),
      ),
    ),
  );

/** What must always be allowed, Proxmox VE allows by itself. */
export const proxmoxRules = (chains: readonly Chain[]): string[] =>
  chains.flatMap(({ name, rules }) =>
    rules.filter(({ declared }) => declared).flatMap((rule) => linesOf(DIRECTIONS[name], rule)),
  );

export const isOurs = (text: string): boolean => new RegExp(`#\\s*${MARK}`).test(text);

/** Independent of the order and spelling in which Proxmox VE writes a rule. */
export const ruleKey = (text: string): string => {
  const [rule = '', ...comment] = text.split('#');
  const [head, ...options] = rule.trim().split(/\s+(?=-)/);
  const meant = options
    .map((option) =>
      option
        .trim()
        .replace(/^--?/, '-')
        .replace(/^-iface /, '-i ')
        .replace(/^-proto /, '-p '),
    )
    .filter((option) => option !== '-log nolog');
  return JSON.stringify([head?.replace(/\s+/g, ' ').toUpperCase(), meant.sort(), comment.join('#').trim()]);
};
