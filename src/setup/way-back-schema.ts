/** What the manifest says of the way back from a change that may cut the operator off. */
import { z } from 'zod';
import type { Confirmation } from '../engine/catalog.ts';
import { duration, secondsOf } from '../facts/duration.ts';

export const wayBackSchema = z
  .strictObject({
    within: duration('60s')
      .default('60s')
      .meta({ description: 'how long a change of the network, firewall, SSH or sudo waits to be confirmed' }),
    probe: z
      .strictObject({
        gateway: z.boolean().default(false).meta({ description: 'the default gateways answer' }),
        ssh: z
          .boolean()
          .default(false)
          .meta({ description: 'sshd greets at each address of the host, as for a new login' }),
        command: z.array(z.string().min(1)).min(1).optional().meta({
          description:
            'a program and its arguments that end with 0; looked for in /usr/sbin, /usr/bin, /sbin, /bin',
        }),
      })
      .refine(({ gateway, ssh, command }) => gateway || ssh || command !== undefined, {
        error: 'a probe that asks for nothing confirms everything; expected gateway, ssh or command',
      })
      .optional()
      .meta({ description: 'confirms such a change without a person, once all of these hold' }),
  })
  .prefault({})
  .meta({ description: 'how a change that may cut you off is confirmed, or taken back' });

export const confirmationOf = ({ within, probe }: z.output<typeof wayBackSchema>): Confirmation => ({
  within: secondsOf(within),
  ...(probe === undefined ? {} : { probe }),
});
