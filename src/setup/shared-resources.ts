import { z } from 'zod';
import directory from '../resources/directory/index.ts';
import zfsVolume from '../resources/zfs-volume/index.ts';
import { defineStep, notAvailable, said, type Entry } from './step.ts';

const entries = (kind: string, section: string, all: readonly object[]): Entry[] =>
  all.map((desired, index) => ({ kind, desired: said({ ...desired }), at: [section, index] }));

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
      secrets: notAvailable('placeholders for secrets'),
    })
    .optional()
    .meta({ description: 'what services and guests share' }),
  resources: (section) =>
    section === undefined
      ? []
      : [
          ...entries('ZfsVolume', 'volumes', section.volumes),
          ...entries('Directory', 'directories', section.directories),
        ],
});
