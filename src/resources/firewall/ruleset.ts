/** The rule set as it is carried out: chains of rules, each of one family, with all that must always be allowed. */
import { parseAddress, type Family, type Range } from './addresses.ts';
import { familiesOf, rangesOf } from './families.ts';
import { mergedPorts, parsePort, type PortRange } from './ports.ts';
import type { Rule } from './rule-schema.ts';
import type { Desired } from './schema.ts';

export type Verdict = Rule['action'];
export type ChainName = 'input' | 'forward' | 'output';

export interface Match {
  /** Of connection tracking: `established,related` or `invalid`; nothing is asked if left out. */
  readonly state?: 'established,related' | 'invalid';
  readonly inIface?: string;
  readonly outIface?: string;
  readonly family?: Family;
  readonly source?: readonly Range[];
  readonly destination?: readonly Range[];
  readonly proto?: NonNullable<Rule['proto']>;
  readonly sourcePorts?: readonly PortRange[];
  readonly ports?: readonly PortRange[];
  readonly icmpTypes?: readonly string[];
}

export interface ChainRule extends Match {
  readonly action: Verdict;
  readonly log?: boolean;
  readonly comment?: string;
  /** Written by the operator; the others are ours. */
  readonly declared?: true;
}

export interface Chain {
  readonly name: ChainName;
  readonly policy: Verdict;
  readonly rules: readonly ChainRule[];
}

const CHAIN_OF = { in: 'input', out: 'output', forward: 'forward' } as const;

const portsOf = (ports: Rule['port']): PortRange[] =>
  mergedPorts(
    [ports ?? []]
      .flat()
      .map(parsePort)
      .filter((port) => port !== undefined),
  );

const given = <K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [key in K]?: V });

const ifacesOf = ({ direction, iface, outIface }: Rule): Match =>
  direction === 'out'
    ? given('outIface', iface)
    : { ...given('inIface', iface), ...given('outIface', outIface) };

const matchOf = (rule: Rule): Match => ({
  ...ifacesOf(rule),
  ...given('proto', rule.proto),
  ...(rule.sourcePort === undefined ? {} : { sourcePorts: portsOf(rule.sourcePort) }),
  ...(rule.port === undefined ? {} : { ports: portsOf(rule.port) }),
  ...(rule.icmpTypes === undefined ? {} : { icmpTypes: [...new Set(rule.icmpTypes)].sort() }),
});

/** A rule that names addresses is one rule a family. */
const ofFamily = (rule: Rule, sets: Desired['sets']): Match[] => {
  if ((rule.source ?? rule.destination) === undefined) return [{}];
  return familiesOf(rule, sets).map((family) => ({
    family,
    ...given('source', rangesOf(rule.source, sets, family)),
    ...given('destination', rangesOf(rule.destination, sets, family)),
  }));
};

const declaredRules = (rule: Rule, sets: Desired['sets']): ChainRule[] =>
  ofFamily(rule, sets).map((addresses) => ({
    ...matchOf(rule),
    ...addresses,
    action: rule.action,
    ...(rule.log ? { log: true } : {}),
    ...given('comment', rule.comment),
    declared: true,
  }));

const ESTABLISHED: ChainRule = { state: 'established,related', action: 'ACCEPT' };
const LINK_LOCAL = [parseAddress('fe80::/10')].filter((range) => range !== undefined);

/** Without these there is no IPv6 (RFC 4890); errors of connections that are known are `related`. */
const NEIGHBOURS = ['nd-neighbor-advert', 'nd-neighbor-solicit', 'nd-router-advert', 'nd-router-solicit'];

/** What comes first, so that no rule or policy can break the host itself. */
const ALWAYS: Readonly<Record<ChainName, readonly ChainRule[]>> = {
  input: [
    ESTABLISHED,
    { inIface: 'lo', action: 'ACCEPT' },
    { state: 'invalid', action: 'DROP' },
    { proto: 'icmpv6', icmpTypes: ['mld-listener-query', ...NEIGHBOURS, 'packet-too-big'], action: 'ACCEPT' },
    // answers of DHCPv6 come from elsewhere than where the question went
    { family: 6, source: LINK_LOCAL, proto: 'udp', ports: [[546, 546]], action: 'ACCEPT' },
  ],
  forward: [ESTABLISHED],
  output: [
    ESTABLISHED,
    { outIface: 'lo', action: 'ACCEPT' },
    {
      proto: 'icmpv6',
      icmpTypes: ['mld-listener-report', 'mld2-listener-report', ...NEIGHBOURS, 'packet-too-big'],
      action: 'ACCEPT',
    },
  ],
};

/** Chains that would let everything pass are left out. */
export const chainsOf = (want: Desired): Chain[] => {
  const policies = {
    input: want.policyIn,
    forward: want.policyForward ?? 'ACCEPT',
    output: want.policyOut,
  };
  return (['input', 'forward', 'output'] as const).flatMap((name): Chain[] => {
    const declared = want.rules
      .filter(({ direction }) => CHAIN_OF[direction] === name)
      .flatMap((rule) => declaredRules(rule, want.sets));
    const policy = policies[name];
    if (policy === 'ACCEPT' && declared.length === 0) return [];
    return [{ name, policy, rules: [...ALWAYS[name], ...declared] }];
  });
};
