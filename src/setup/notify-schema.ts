/** What the manifest says of who is told how runs by the timer end. */
import { z } from 'zod';
import { NEWS } from '../engine/notify.ts';
import { secretRef } from '../host/secret-ref.ts';

const address = z
  .url({ protocol: /^https?$/, error: 'expected an address of http or https' })
  .refine((text) => !/^https?:\/\/[^/]*@/.test(text), {
    error: 'no user and password in the address; use `token`, or a secret for the whole address',
  });

const target = (what: string) =>
  z
    .strictObject({
      url: z.union([address, secretRef]).meta({
        description: 'its address; where that is a secret itself, `{ file: /path }`',
      }),
      token: secretRef
        .optional()
        .meta({ description: 'a secret that is sent with it, as `Authorization: Bearer`' }),
    })
    .optional()
    .meta({ description: what });

export const notifySchema = z
  .strictObject({
    on: z
      .array(z.enum(NEWS))
      .default([...NEWS])
      .meta({ description: 'what is told of' }),
    webhook: target('takes a POST of JSON'),
    ntfy: target('a topic of ntfy, such as https://ntfy.example.net/hypervisors'),
    textfile: z
      .string()
      .regex(/^\/[^\0\n]+\.prom$/, 'expected an absolute path that ends in .prom')
      .optional()
      .meta({
        description: "metrics of each run, for the textfile collector of Prometheus' node_exporter",
      }),
  })
  .optional()
  .meta({ description: 'who is told how runs by the timer end' });
