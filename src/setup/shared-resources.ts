import { z } from 'zod';
import directory from '../resources/directory/index.ts';
import { defineStep, notAvailable, said } from './step.ts';

export default defineStep({
  number: 13,
  name: 'shared-resources',
  section: 'sharedResources',
  schema: z
    .strictObject({
      directories: z
        .array(directory.desired)
        .default([])
        .meta({ description: 'directories with owner, mode and ACL' }),
      volumes: notAvailable('ZFS volumes'),
      secrets: notAvailable('placeholders for secrets'),
    })
    .optional()
    .meta({ description: 'what services and guests share' }),
  resources: (section) =>
    (section?.directories ?? []).map((desired, index) => ({
      kind: 'Directory',
      desired: said(desired),
      at: ['directories', index],
    })),
});
