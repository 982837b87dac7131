import { z } from 'zod';
import { duration } from '../../facts/duration.ts';
import { nfsClient } from '../../facts/nfs-client.ts';
import { ordinaryPath } from '../../facts/ownership.ts';

const exported = z.strictObject({
  path: ordinaryPath.meta({ description: 'the directory' }),
  clients: z.array(nfsClient).min(1).meta({ description: 'to whom, as in NfsExport' }),
});

export const desired = z.strictObject({
  exports: z.array(exported).min(1).meta({ description: 'what must be offered' }),
  timeout: duration('120s').default('120s').meta({ description: 'how long to wait for it' }),
});

export const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('wait'), exports: z.array(exported), seconds: z.int().min(1) }),
]);

export type Desired = z.output<typeof desired>;
export type ReadyOp = z.output<typeof ops>;
export type Exported = z.output<typeof exported>;
