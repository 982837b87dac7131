import { z } from 'zod';
import { nfsClient, normalClient } from '../../facts/nfs-client.ts';
import { ordinaryPath } from '../../facts/ownership.ts';
import { contradiction, option } from './options.ts';

/** A name of a dataset, zfs(8): no snapshot, no leading dash. */
const datasetName = z
  .string()
  .max(255)
  .regex(
    /^[A-Za-z][A-Za-z0-9_.: -]*(?:\/[A-Za-z0-9_.:][A-Za-z0-9_.: -]*)*$/,
    'expected the name of a dataset, such as tank/data',
  );

const client = z
  .strictObject({
    host: nfsClient.meta({
      description:
        'who: an address, a network (10.0.0.0/24), a host name, `*.example.net`, `@netgroup`, or `*` for everybody',
    }),
    options: z.array(option).default([]).meta({
      description:
        'options of exports(5), such as `rw`; without any: read only, `sync`, `root_squash`, `no_subtree_check`',
    }),
  })
  .refine(({ options }) => contradiction(options) === undefined, {
    path: ['options'],
    error: (issue) =>
      `expected one of ${contradiction((issue.input as { options: string[] }).options) ?? ''}, not both`,
  });

const areDistinct = (hosts: readonly string[]): boolean =>
  new Set(hosts.map(normalClient)).size === hosts.length;

export const desired = z
  .strictObject({
    path: ordinaryPath.meta({ description: 'the directory; it must exist, and nothing of it is changed' }),
    clients: z
      .array(client)
      .default([])
      .refine((all) => areDistinct(all.map(({ host }) => host)), 'expected every client once')
      .meta({ description: 'who may mount it, and how' }),
    dataset: datasetName.optional().meta({
      description:
        'the ZFS dataset that must be mounted at the path; else nothing is exported, now or at the next start',
    }),
    mountpoint: z
      .boolean()
      .default(false)
      .meta({ description: 'the path must be a mount point; else nothing is exported' }),
    ensure: z
      .enum(['present', 'absent'])
      .default('present')
      .meta({ description: 'absent takes the export away; the directory and what is in it stay' }),
  })
  .refine(({ ensure, clients }) => ensure === 'absent' || clients.length > 0, {
    path: ['clients'],
    error: 'expected at least one client; `ensure: absent` takes the export away',
  });

/** A client with its options as they are written, so that a line can be made from it. */
const written = z.strictObject({ host: z.string(), options: z.string() });

export const ops = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('export'),
    path: z.string(),
    clients: z.array(written),
    /** Clients that are in the server's table for this path and shall not be. */
    drop: z.array(z.string()),
    dataset: z.string().optional(),
    mountpoint: z.boolean(),
  }),
  z.strictObject({ op: z.literal('unexport'), path: z.string(), drop: z.array(z.string()) }),
]);

export type Desired = z.output<typeof desired>;
export type ExportOp = z.output<typeof ops>;
export type Written = z.output<typeof written>;
