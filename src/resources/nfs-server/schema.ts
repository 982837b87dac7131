import { z } from 'zod';
import { ONLY_FOR_V3, VERSIONS } from '../../facts/nfsd.ts';

const port = z.int().min(1).max(65535).optional();

const version = z.enum(VERSIONS);

export const desired = z
  .strictObject({
    versions: z
      .array(version)
      .min(1)
      .refine((all) => new Set(all).size === all.length, 'expected every version once')
      .optional()
      .meta({
        description:
          "versions of the protocol that are served, of '3', '4.0', '4.1' and '4.2'; left alone if not declared",
      }),
    threads: z
      .int()
      .min(1)
      .max(4096)
      .optional()
      .meta({ description: 'how many threads serve; left alone if not declared' }),
    ports: z
      .strictObject({
        mountd: port.meta({ description: 'rpc.mountd, TCP and UDP' }),
        statd: port.meta({ description: 'rpc.statd, TCP and UDP' }),
        lockd: port.meta({ description: 'the lock manager of the kernel, TCP and UDP' }),
      })
      .default({})
      .meta({
        description:
          'fixed ports of what NFSv3 needs besides 2049 and 111, for a firewall; left alone if not declared',
      }),
    ensure: z.enum(['present', 'absent']).default('present').meta({
      description: 'absent removes the settings; a running server keeps them until it is restarted',
    }),
  })
  .refine(
    ({ versions, ports }) =>
      versions === undefined ||
      versions.includes('3') ||
      Object.values(ports).every((one) => one === undefined),
    { path: ['ports'], error: "these ports are for version '3', which is not among the versions" },
  );

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('write'), text: z.string() }),
  z.strictObject({ op: z.literal('remove') }),
  /** What only NFSv3 needs, as `v4Only` has masked it. */
  z.strictObject({ op: z.literal('unmask'), units: z.array(z.enum(ONLY_FOR_V3)) }),
  z.strictObject({ op: z.literal('mask'), units: z.array(z.enum(ONLY_FOR_V3)) }),
  z.strictObject({ op: z.literal('set-threads'), threads: z.int() }),
  /** The server, and before it statd where its ports or those of lockd, which it sets, are to change. */
  z.strictObject({ op: z.literal('restart'), units: z.array(z.enum(['rpc-statd', 'nfs-server'])) }),
]);

export type Desired = z.output<typeof desired>;
export type ServerOp = z.output<typeof ops>;
