import { z } from 'zod';
import { defineStep } from './step.ts';
import { userEntries, userSchema } from './user.ts';

export default defineStep({
  number: 12,
  name: 'admin-users',
  section: 'adminUsers',
  schema: z.array(userSchema).optional().meta({ description: 'administrators of the host' }),
  resources: (users = []) => users.flatMap(userEntries),
});
