import { z } from 'zod';
import { isLoopback } from './address.ts';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

export const desired = z.strictObject({
  name: z
    .string()
    .regex(new RegExp(`^${LABEL}$`), 'expected one label of small letters, digits and dashes')
    .refine((name) => name !== 'localhost' && !/^\d+$/.test(name), 'expected a name of its own')
    .meta({ description: 'name of the host, without a domain' }),
  domain: z
    .string()
    .regex(new RegExp(`^${LABEL}(?:\\.${LABEL})*$`), 'expected a domain of small letters')
    .max(190)
    .optional()
    .meta({
      description:
        'makes name.domain the canonical name in /etc/hosts; without it the domain there is left as it is',
    }),
  address: z
    .union([z.ipv4(), z.ipv6()])
    .refine((address) => !isLoopback(address), 'expected an address of the host, not a loopback one')
    .optional()
    .meta({
      description:
        "the host's own address, for /etc/hosts; without it the address there is left as it is, or is 127.0.1.1 except on Proxmox VE",
    }),
});

const name = z.string();

export const ops = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('hosts'),
    name,
    domain: z.string().optional(),
    address: z.string(),
    exclusive: z.boolean(),
    old: z.array(z.string()),
  }),
  z.strictObject({ op: z.literal('restore-hosts'), sha256: z.string() }),
  z.strictObject({ op: z.literal('rename'), name }),
]);

export type Desired = z.output<typeof desired>;
export type HostnameOp = z.output<typeof ops>;

export interface Actual {
  /** In /etc/hostname, which the boot reads. */
  readonly persisted?: string;
  /** In the running kernel. */
  readonly live?: string;
  /** Content of /etc/hosts. */
  readonly hosts?: string;
  readonly proxmox: boolean;
  /** Member of a Proxmox VE cluster. */
  readonly cluster: boolean;
  /** Files of the guests that belong to the node under its present name. */
  readonly guests: readonly string[];
}
