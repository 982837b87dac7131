import { z } from 'zod';
import { ownFileOps } from '../../facts/own-file.ts';

/** A name or an address; no blank, so that nothing becomes an option of chrony's. */
const host = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9_:][A-Za-z0-9_.:%-]*$/, 'expected a host name or an address');

const poll = z.int().min(-6).max(24);

const source = z.strictObject({
  host,
  iburst: z.boolean().default(true),
  prefer: z.boolean().default(false),
  nts: z.boolean().default(false),
  minPoll: poll.optional(),
  maxPoll: poll.optional(),
});
export type Source = z.output<typeof source>;

const sources = z.array(z.union([host, source])).default([]);

const makestep = z.strictObject({
  threshold: z.number().positive().default(1),
  limit: z.int().min(1).max(100).default(3),
});

export const desired = z
  .strictObject({
    servers: sources.meta({
      description:
        'servers to take the time from: names, or host with iburst, prefer, nts, minPoll and maxPoll',
    }),
    pools: sources.meta({ description: 'the same for names that stand for many servers' }),
    defaultPool: z.boolean().default(false).meta({
      description: 'whether the servers that the distribution has in /etc/chrony/chrony.conf are used, too',
    }),
    allow: z
      .array(z.union([z.cidrv4(), z.cidrv6()], { error: 'expected a network such as 10.0.0.0/24' }))
      .default([])
      .meta({ description: 'networks whose clients are answered; none if left out' }),
    makestep: makestep.optional().meta({
      description:
        'the clock is set at once, and not slowly, if it is more than `threshold` seconds off, in the first `limit` updates; as in chrony.conf if left out',
    }),
    ensure: z
      .enum(['present', 'absent'])
      .default('present')
      .meta({ description: 'absent takes our files out, and brings the servers of the distribution back' }),
  })
  .refine(
    ({ ensure, servers, pools, defaultPool }) =>
      ensure === 'absent' || servers.length + pools.length > 0 || defaultPool,
    {
      error: 'expected a server or a pool; without one the clock would run free',
    },
  );
export type Desired = z.output<typeof desired>;

export const ops = z.discriminatedUnion('op', [
  ...ownFileOps,
  /** The servers that the distribution's own file names. */
  z.strictObject({ op: z.literal('default-pool'), used: z.boolean() }),
  z.strictObject({ op: z.literal('reload-sources') }),
  /** Lines of our file that the running daemon does not have. */
  z.strictObject({ op: z.literal('add-sources'), lines: z.array(z.string()) }),
]);
export type NtpOp = z.output<typeof ops>;

export const FOLDER = '/etc/chrony';
export const MAIN = `${FOLDER}/chrony.conf`;
export const SOURCES = `${FOLDER}/sources.d/phoenix.sources`;
export const SETTINGS = `${FOLDER}/conf.d/phoenix.conf`;
