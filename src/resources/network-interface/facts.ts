/** What the kernel has: ip(8) and bridge(8), iproute2 6.1 and 6.15. */
import { z } from 'zod';
import type { CommandFact } from '../../host/host.ts';
import { vidsBeyondFirst } from './words.ts';

const MAX_OUTPUT = 16 * 1024 * 1024;

const address = z.object({
  family: z.string(),
  local: z.string(),
  prefixlen: z.int(),
  scope: z.string().optional(),
  secondary: z.boolean().optional(),
  dynamic: z.boolean().optional(),
  temporary: z.boolean().optional(),
});

const data = z.object({
  stp_state: z.int().optional(),
  forward_delay: z.int().optional(),
  vlan_filtering: z.int().optional(),
  mode: z.unknown().optional(),
  miimon: z.int().optional(),
  xmit_hash_policy: z.string().optional(),
  primary: z.string().optional(),
  id: z.unknown().optional(),
});

const link = z.object({
  ifname: z.string(),
  flags: z.array(z.string()),
  mtu: z.int(),
  master: z.string().optional(),
  link: z.string().nullish(),
  linkinfo: z.object({ info_kind: z.string().optional(), info_data: data.optional() }).optional(),
  addr_info: z.array(address).default([]),
});

export interface Address {
  /** Such as 10.0.0.13/24. */
  readonly cidr: string;
  readonly secondary: boolean;
}

export interface Link {
  readonly name: string;
  /** bridge, bond, vlan, dummy, tun, veth, … Undefined for a card. */
  readonly kind?: string;
  readonly master?: string;
  /** What a VLAN is on. */
  readonly on?: string;
  readonly up: boolean;
  readonly mtu: number;
  /** Without those that the kernel or a server has given. */
  readonly addresses: readonly Address[];
  readonly stp?: boolean;
  /** In seconds. */
  readonly forwardDelay?: number;
  readonly vlanAware?: boolean;
  readonly mode?: string;
  readonly miimon?: number;
  readonly hashPolicy?: string;
  readonly primary?: string;
  readonly vlanId?: number;
}

/** Numbers may come as text in older versions, and a filtered list has empty objects in it. */
const parseList = <S extends z.ZodType>(what: string, row: S, stdout: string): z.output<S>[] => {
  let all: unknown;
  try {
    all = JSON.parse(stdout.trim() === '' ? '[]' : stdout);
  } catch {
    throw new Error(`${what}: expected JSON, found "${stdout.slice(0, 80)}"`);
  }
  const rows = Array.isArray(all) ? all.filter((one) => JSON.stringify(one) !== '{}') : all;
  const answer = z.array(row).safeParse(rows);
  if (answer.success) return answer.data;
  throw new Error(`${what}: not the answer that is documented: ${z.prettifyError(answer.error)}`);
};

const isOurs = (one: z.output<typeof address>): boolean =>
  one.scope !== 'link' && one.scope !== 'host' && !one.dynamic && !one.temporary;

const addressesOf = (row: z.output<typeof link>): Address[] =>
  row.addr_info.flatMap((one) =>
    isOurs(one) ? [{ cidr: `${one.local}/${one.prefixlen}`, secondary: one.secondary ?? false }] : [],
  );

/** Leaves out what is undefined: a reading is plain data. */
const defined = <T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;

const kindFields = (kind: string | undefined, info: z.output<typeof data> | undefined): Partial<Link> => {
  if (info === undefined) return {};
  if (kind === 'bridge')
    return defined({
      stp: info.stp_state !== undefined && info.stp_state !== 0,
      forwardDelay: (info.forward_delay ?? 0) / 100,
      vlanAware: info.vlan_filtering === 1,
    });
  if (kind === 'bond')
    return defined({
      mode: String(info.mode),
      miimon: info.miimon,
      hashPolicy: info.xmit_hash_policy,
      primary: info.primary,
    });
  return kind === 'vlan' ? { vlanId: Number(info.id) } : {};
};

const linkOf = (row: z.output<typeof link>): Link => ({
  name: row.ifname,
  ...defined({ kind: row.linkinfo?.info_kind, master: row.master, on: row.link ?? undefined }),
  up: row.flags.includes('UP'),
  mtu: row.mtu,
  addresses: addressesOf(row),
  ...kindFields(row.linkinfo?.info_kind, row.linkinfo?.info_data),
});

const parseLinks = (stdout: string): Link[] => parseList('ip -j -d addr', link, stdout).map(linkOf);

const LINKS_COMMAND = {
  program: 'ip',
  args: ['-j', '-d', 'addr', 'show'],
  maxOutput: MAX_OUTPUT,
} as const;

/** Undefined without iproute2. */
export const links: CommandFact<readonly Link[] | undefined> = {
  name: 'ip -j -d addr show',
  command: LINKS_COMMAND,
  absent: undefined,
  parse: parseLinks,
};

const route = z.object({
  dst: z.string(),
  gateway: z.string().optional(),
  dev: z.string().optional(),
  table: z.union([z.string(), z.number()]).optional(),
  metric: z.int().optional(),
});

export interface DefaultRoute {
  readonly gateway: string;
  readonly dev: string;
}

/** Default routes of the main table, of both families. */
export const defaultRoutes: CommandFact<readonly DefaultRoute[]> = {
  name: 'ip -j route show table all',
  command: { program: 'ip', args: ['-j', 'route', 'show', 'table', 'all'], maxOutput: MAX_OUTPUT },
  absent: [],
  parse: (stdout) =>
    parseList('ip -j route', route, stdout).flatMap(({ dst, gateway, dev, table }) =>
      dst === 'default' && gateway !== undefined && dev !== undefined && (table ?? 'main') === 'main'
        ? [{ gateway, dev }]
        : [],
    ),
};

const vlans = z.object({
  ifname: z.string(),
  vlans: z.array(
    z.object({ vlan: z.int(), vlanEnd: z.int().optional(), flags: z.array(z.string()).optional() }),
  ),
});

/** VLANs that a port of a bridge lets through, by its name; without VLAN 1, which every port has by itself. */
export const bridgeVlans: CommandFact<ReadonlyMap<string, string>> = {
  name: 'bridge -j vlan show',
  command: { program: 'bridge', args: ['-j', 'vlan', 'show'], maxOutput: MAX_OUTPUT },
  absent: new Map(),
  parse: (stdout) =>
    new Map(
      parseList('bridge -j vlan', vlans, stdout).map(({ ifname, vlans: all }) => [
        ifname,
        vidsBeyondFirst(all.map(({ vlan, vlanEnd }) => `${vlan}-${vlanEnd ?? vlan}`).join(' ')),
      ]),
    ),
};
