import { z } from 'zod';
import { familiesOf } from './families.ts';
import { address, rule, SET_NAME } from './rule-schema.ts';

const policy = z.enum(['ACCEPT', 'DROP', 'REJECT']);

/** What may be cut off by name. */
const ACCESS = ['ssh', 'proxmox', 'session'] as const;

const fields = z.strictObject({
  enabled: z.boolean().default(true).meta({
    description: 'false takes the rules of phoenix away, from the kernel and for good; those of others stay',
  }),
  backend: z.enum(['auto', 'nftables', 'proxmox']).default('auto').meta({
    description:
      "who filters: Proxmox VE's own firewall where the host has it, else nftables; or the one named",
  }),
  policyIn: policy
    .default('DROP')
    .meta({ description: 'what happens to packets to this host that no rule matches' }),
  policyOut: policy.default('ACCEPT').meta({ description: 'the same of packets from this host' }),
  policyForward: policy.optional().meta({
    description:
      'the same of packets that pass through, such as those of guests behind NAT; not filtered if left out and no rule says forward',
  }),
  sets: z
    .record(
      z.string().regex(SET_NAME, 'expected a name of letters, digits, `_` and `-`, a letter first'),
      z.array(address).min(1),
    )
    .default({})
    .meta({ description: 'named lists of addresses, for `source` and `destination`' }),
  rules: z
    .array(rule)
    .default([])
    .meta({ description: 'in this order; the first that matches a packet decides' }),
  lockOut: z.array(z.enum(ACCESS)).default([]).meta({
    description:
      'what these rules may cut off: `ssh`, `proxmox` (its web interface), `session` (who is connected to them now); all else that would is refused',
  }),
});
type Fields = z.output<typeof fields>;

const unknownSets = ({ sets, rules }: Fields, context: z.RefinementCtx<Fields>): void => {
  for (const [index, one] of rules.entries())
    for (const side of ['source', 'destination'] as const)
      for (const name of [one[side] ?? []].flat())
        if (SET_NAME.test(name) && !Object.hasOwn(sets, name))
          context.addIssue({
            code: 'custom',
            path: ['rules', index, side],
            message: `there is no set ${name}; declare it under \`sets\``,
          });
};

const impossible = ({ sets, rules }: Fields, context: z.RefinementCtx<Fields>): void => {
  for (const [index, one] of rules.entries())
    if (familiesOf(one, sets).length === 0)
      context.addIssue({
        code: 'custom',
        path: ['rules', index],
        message: 'no packet can match: source, destination and proto are not of one family, IPv4 or IPv6',
      });
};

export const desired = fields.superRefine(unknownSets).superRefine(impossible);

/** Of what was there before: a file by its content, a symlink, or nothing. */
const kept = z.union([
  z.strictObject({ sha256: z.string(), mode: z.int(), uid: z.int(), gid: z.int() }),
  z.strictObject({ target: z.string() }),
  z.null(),
]);
const path = z.string().regex(/^\/etc\/(nftables\.d|systemd\/system|pve)\/[A-Za-z0-9./_-]+$/);

export const ops = z.discriminatedUnion('op', [
  /** The whole table: checked, kept in its file, and put in the place of the old one at once. */
  z.strictObject({ op: z.literal('apply'), text: z.string() }),
  z.strictObject({ op: z.literal('load-at-boot') }),
  z.strictObject({ op: z.literal('remove') }),
  z.strictObject({ op: z.literal('write-proxmox'), files: z.record(path, z.string()) }),
  z.strictObject({ op: z.literal('start-proxmox') }),
  z.strictObject({ op: z.literal('stop-proxmox') }),
  /** As it was: these files, and the table in the kernel (none if null) unless it is left out. */
  z.strictObject({
    op: z.literal('restore'),
    files: z.record(path, kept),
    live: z.string().nullable().optional(),
  }),
]);

export type Desired = z.output<typeof desired>;
export type FirewallOp = z.output<typeof ops>;
export type Kept = z.output<typeof kept>;
