/** Would this packet pass? The rules in order, as the kernel goes through them. */
import { isWithin, type Family, type Range } from './addresses.ts';
import type { PortRange } from './ports.ts';
import type { Chain, ChainName, ChainRule, Verdict } from './ruleset.ts';

export interface Packet {
  readonly chain: ChainName;
  readonly state: 'new' | 'established' | 'invalid';
  readonly family: Family;
  readonly source: bigint;
  readonly destination: bigint;
  readonly proto: NonNullable<ChainRule['proto']>;
  readonly sourcePort?: number;
  readonly port?: number;
  readonly icmpType?: string;
  /** Undefined if it is not known. */
  readonly inIface?: string;
  readonly outIface?: string;
}

const hasState = ({ state }: ChainRule, packet: Packet): boolean =>
  state === undefined || (state === 'invalid' ? packet.state === 'invalid' : packet.state === 'established');

const isFrom = (ranges: readonly Range[] | undefined, family: Family, address: bigint): boolean =>
  ranges === undefined || isWithin(ranges, family, address);

const hasPort = (ports: readonly PortRange[] | undefined, port: number | undefined): boolean =>
  ports === undefined || (port !== undefined && ports.some(([from, to]) => from <= port && port <= to));

/** Where the interface is not known, the worse is taken to be the case. */
const isThrough = (wanted: string | undefined, iface: string | undefined, { action }: ChainRule): boolean =>
  wanted === undefined || (iface === undefined ? action !== 'ACCEPT' : wanted === iface);

const hasProto = ({ proto, family, icmpTypes }: ChainRule, packet: Packet): boolean =>
  (proto === undefined || proto === packet.proto) &&
  (family === undefined || family === packet.family) &&
  (icmpTypes === undefined || icmpTypes.includes(packet.icmpType ?? ''));

export const matches = (rule: ChainRule, packet: Packet): boolean =>
  hasState(rule, packet) &&
  hasProto(rule, packet) &&
  isThrough(rule.inIface, packet.inIface, rule) &&
  isThrough(rule.outIface, packet.outIface, rule) &&
  isFrom(rule.source, packet.family, packet.source) &&
  isFrom(rule.destination, packet.family, packet.destination) &&
  hasPort(rule.sourcePorts, packet.sourcePort) &&
  hasPort(rule.ports, packet.port);

/** A chain that is not there lets everything pass. */
export const verdictOn = (chains: readonly Chain[], packet: Packet): Verdict => {
  const chain = chains.find(({ name }) => name === packet.chain);
  if (chain === undefined) return 'ACCEPT';
  return chain.rules.find((rule) => matches(rule, packet))?.action ?? chain.policy;
};
