/** What `nft -j list table` prints (libnftables-json(5)), brought to the text that is compared. */
import { z } from 'zod';
import { merged, parseAddress } from '../addresses.ts';
import { mergedPorts, parsePort } from '../ports.ts';
import { addressesText, listed, portsText, tableText, type ChainText } from './table.ts';

const prefix = z.object({ prefix: z.object({ addr: z.string(), len: z.int() }) });
const range = z.object({ range: z.tuple([z.union([z.string(), z.int()]), z.union([z.string(), z.int()])]) });
const value = z.union([z.string(), z.int(), prefix, range]);
const right = z.union([value, z.object({ set: z.array(value) }), z.array(value)]);

const left = z.union([
  z.object({ payload: z.object({ protocol: z.string(), field: z.string() }) }),
  z.object({ meta: z.object({ key: z.string() }) }),
  z.object({ ct: z.object({ key: z.literal('state') }) }),
]);
const match = z.object({ match: z.object({ op: z.enum(['==', 'in']), left, right }) });
const log = z.object({ log: z.strictObject({ prefix: z.string() }) });
const reject = z.object({
  reject: z
    .strictObject({ type: z.string().optional(), expr: z.literal('port-unreachable').optional() })
    .nullable(),
});

const valueText = (one: z.output<typeof value>): string => {
  if (typeof one !== 'object') return String(one);
  return 'prefix' in one ? `${one.prefix.addr}/${one.prefix.len}` : one.range.join('-');
};

const elementsOf = (one: z.output<typeof right>): string[] => {
  if (Array.isArray(one)) return one.map(valueText);
  return typeof one === 'object' && 'set' in one ? one.set.map(valueText) : [valueText(one)];
};

const leftText = (one: z.output<typeof left>): string => {
  if ('payload' in one) return `${one.payload.protocol} ${one.payload.field}`;
  if ('ct' in one) return 'ct state';
  return one.meta.key.endsWith('ifname') ? one.meta.key : `meta ${one.meta.key}`;
};

/** Thrown where the value is none of ours. */
const none = (text: string): never => {
  throw new Error(`unknown: ${text}`);
};

const rightText = (what: string, elements: readonly string[]): string => {
  if (what === 'ct state') return [...elements].sort().join(',');
  if (what.endsWith('ifname')) return listed(elements.map((name) => `"${name}"`));
  if (/ [sd]addr$/.test(what))
    return addressesText(merged(elements.map((text) => parseAddress(text) ?? none(text))));
  if (/ [sd]port$/.test(what))
    return portsText(mergedPorts(elements.map((text) => parsePort(text) ?? none(text))));
  return listed([...elements].sort());
};

const VERDICTS = new Set(['accept', 'drop']);

/** What is none of ours stands as it was printed: it only has to differ. Counters say nothing about the rule. */
const expressionText = (expression: Record<string, unknown>): string[] => {
  const [key = ''] = Object.keys(expression);
  if (key === 'counter') return [];
  if (VERDICTS.has(key)) return [key];
  try {
    if (key === 'match') {
      const { left: what, right: against } = match.parse(expression).match;
      return [`${leftText(what)} ${rightText(leftText(what), elementsOf(against))}`];
    }
    if (key === 'log') return [`log prefix "${log.parse(expression).log.prefix}"`];
    // of which family the answer is follows from the packet
    if (key === 'reject' && reject.parse(expression).reject?.type !== 'tcp reset') return ['reject'];
  } catch {
    // below
  }
  return [JSON.stringify(expression)];
};

const expressions = z.array(z.record(z.string(), z.unknown()));
const chain = z.object({
  name: z.string(),
  type: z.string().optional(),
  hook: z.string().optional(),
  prio: z.int().optional(),
  policy: z.string().optional(),
});
const rule = z.object({ chain: z.string(), comment: z.string().optional(), expr: expressions });
const document = z.object({ nftables: z.array(z.record(z.string(), z.unknown())) });

const headText = ({ type, hook, prio, policy }: z.output<typeof chain>): string =>
  type === undefined
    ? 'no hook'
    : `type ${type} hook ${String(hook)} priority ${String(prio)}; policy ${String(policy)};`;

const ruleText = ({ expr, comment }: z.output<typeof rule>): string =>
  [...expr.flatMap(expressionText), ...(comment === undefined ? [] : [`comment "${comment}"`])].join(' ');

type Objects = readonly Record<string, unknown>[];

const withoutHandle = (object: unknown): unknown =>
  typeof object === 'object' && object !== null
    ? Object.fromEntries(Object.entries(object).filter(([key]) => key !== 'handle'))
    : object;

const chainsOf = (objects: Objects): ChainText[] => {
  const rules = objects.flatMap((one) => ('rule' in one ? [rule.parse(one['rule'])] : []));
  return objects.flatMap((one) => {
    if (!('chain' in one)) return [];
    const { name, ...rest } = chain.parse(one['chain']);
    const own = rules.filter((other) => other.chain === name).map(ruleText);
    return [{ name, head: headText({ name, ...rest }), rules: own }];
  });
};

export interface LiveTable {
  /** As it is compared. */
  readonly text: string;
  /** What nft takes to make it again as it is: `nft -j -f`. */
  readonly restorable: string;
}

/** A handle would be where to put a rule; without one it comes last, which is its place. */
const restorable = (objects: Objects): string => {
  const table = objects
    .filter((one) => 'table' in one)
    .map((one) => ({ table: withoutHandle(one['table']) }));
  const content = objects
    .filter((one) => !('table' in one))
    .map((one) =>
      Object.fromEntries(Object.entries(one).map(([key, object]) => [key, withoutHandle(object)])),
    );
  const add = (object: object) => ({ add: object });
  return JSON.stringify({
    nftables: [
      ...table.map(add),
      ...table.map((one) => ({ delete: one })),
      ...table.map(add),
      ...content.map(add),
    ],
  });
};

export const parseListing = (stdout: string): LiveTable => {
  const all = document.parse(JSON.parse(stdout)).nftables;
  const objects = all.filter((one) => !('metainfo' in one));
  const others = objects
    .filter((one) => !('table' in one || 'chain' in one || 'rule' in one))
    .map((one) => JSON.stringify(withoutHandle(Object.values(one)[0])));
  return { text: tableText(chainsOf(objects), others), restorable: restorable(objects) };
};
