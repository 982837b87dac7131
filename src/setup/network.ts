/** The part `network` of the section `initial`. */
import { z } from 'zod';
import networkInterface from '../resources/network-interface/index.ts';
import { said, type Entry } from './step.ts';

export const network = z
  .strictObject({
    interfaces: z
      .array(networkInterface.desired)
      .default([])
      .meta({ description: 'cards, bridges, bonds, VLANs; what is not named is left alone' }),
  })
  .optional()
  .meta({ description: 'network interfaces' });

export const networkEntries = (section: z.output<typeof network>): Entry[] =>
  (section?.interfaces ?? []).map((one, index) => ({
    kind: 'NetworkInterface',
    desired: said({ ...one }),
    at: ['network', 'interfaces', index],
  }));
