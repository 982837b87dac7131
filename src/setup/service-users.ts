import { z } from 'zod';
import { defineStep } from './step.ts';
import { userEntries, userSchema } from './user.ts';

export default defineStep({
  number: 10,
  name: 'service-users',
  section: 'serviceUsers',
  schema: z.array(userSchema).optional().meta({ description: 'accounts that services run as' }),
  resources: (users = []) => users.flatMap(userEntries),
});
