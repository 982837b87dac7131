/** Is there anybody at all who could still connect? */
import type { Family, Range } from '../addresses.ts';
import { matches, verdictOn, type Packet } from '../passes.ts';
import type { Chain, ChainRule } from '../ruleset.ts';

/** An interface that no rule names. */
const ANY_IFACE = '*';
/** Of those who ask: no rule is likely to name it, and it need not be anybody's (RFC 5737, RFC 3849). */
const SOMEBODY: Readonly<Record<Family, bigint>> = { 4: 0xc000_0201n, 6: 0x2001_0db8n << 96n };

/**
 * Where a free place would begin, if there is one: rules are boxes, so it begins where the accepting one begins or
 * where a blocking one has ended.
 */
const beginnings = (
  accepted: readonly Range[] | undefined,
  blocked: readonly (readonly Range[] | undefined)[],
  family: Family,
): bigint[] => [
  ...(accepted ?? [{ from: SOMEBODY[family] }, { from: 0n }]).map(({ from }) => from),
  ...blocked.flatMap((ranges) =>
    (ranges ?? []).filter((one) => one.family === family).map(({ to }) => to + 1n),
  ),
];

const LAST: Readonly<Record<Family, bigint>> = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n };

const packet = (
  port: number,
  family: Family,
  rule: ChainRule,
  source: bigint,
  destination: bigint,
): Packet => ({
  chain: 'input',
  state: 'new',
  proto: 'tcp',
  family,
  port,
  source,
  destination,
  sourcePort: rule.sourcePorts?.[0]?.[0] ?? 50_000,
  inIface: rule.inIface ?? ANY_IFACE,
});

const isRelevant = (rule: ChainRule, port: number): boolean =>
  rule.state === undefined &&
  (rule.proto === undefined || rule.proto === 'tcp') &&
  (rule.ports === undefined || rule.ports.some(([from, to]) => from <= port && port <= to));

/** Packets that the rule accepts unless one before it is in the way. */
function* attempts(rule: ChainRule, before: readonly ChainRule[], port: number): Generator<Packet> {
  for (const family of [4, 6] as const) {
    if (rule.family !== undefined && rule.family !== family) continue;
    const sides = (['source', 'destination'] as const).map((side) =>
      beginnings(
        rule[side],
        before.map((one) => one[side]),
        family,
      ).filter((address) => address <= LAST[family]),
    );
    for (const source of sides[0] ?? [])
      for (const destination of sides[1] ?? []) yield packet(port, family, rule, source, destination);
  }
}

/** Somebody from elsewhere can make a new TCP connection to this port. */
export const isReachable = (chains: readonly Chain[], port: number): boolean => {
  const chain = chains.find(({ name }) => name === 'input');
  if (chain === undefined) return true;
  const relevant = chain.rules.filter((rule) => isRelevant(rule, port) && rule.inIface !== 'lo');
  const accepting: ChainRule[] = [
    ...relevant.filter(({ action }) => action === 'ACCEPT'),
    ...(chain.policy === 'ACCEPT' ? [{ action: 'ACCEPT' as const }] : []),
  ];
  const blocking = relevant.filter(({ action }) => action !== 'ACCEPT');
  return accepting.some((rule) => {
    for (const one of attempts(rule, blocking, port))
      if (matches(rule, one) && verdictOn(chains, one) === 'ACCEPT') return true;
    return false;
  });
};
