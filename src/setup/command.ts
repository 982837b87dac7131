import { z } from 'zod';
import { absolutePath } from '../facts/paths.ts';
import { defineStep } from './step.ts';

export default defineStep({
  number: 16,
  name: 'command',
  section: 'command',
  schema: z
    .strictObject({
      symlink: absolutePath
        .default('/usr/local/bin/phoenix')
        .meta({ description: 'the symlink that makes `phoenix` a global command' }),
    })
    .optional()
    .meta({ description: 'the global command; made only when everything before has succeeded' }),
  resources: (section, { program }) =>
    section === undefined
      ? []
      : [{ kind: 'Symlink', desired: { path: section.symlink, target: program }, at: ['symlink'] }],
  afterSuccess: true,
});
