import { z } from 'zod';
import directory from '../resources/directory/index.ts';
import secretPlaceholder from '../resources/secret-placeholder/index.ts';
import zfsVolume from '../resources/zfs-volume/index.ts';
import { defineStep, entriesOf } from './step.ts';

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
      volumes: z
        .array(zfsVolume.desired)
        .default([])
        .meta({ description: 'ZFS volumes: block devices below /dev/zvol' }),
      secrets: z
        .array(secretPlaceholder.desired)
        .default([])
        .meta({ description: 'files for secrets that a person writes into them: placeholders until then' }),
    })
    .optional()
    .meta({ description: 'what services and guests share' }),
  resources: (section) =>
    section === undefined
      ? []
      : [
          ...entriesOf('ZfsVolume', 'volumes', section.volumes),
          ...entriesOf('Directory', 'directories', section.directories),
          ...entriesOf('SecretPlaceholder', 'secrets', section.secrets),
        ],
});
