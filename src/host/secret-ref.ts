import { z } from 'zod';

/** Where a secret is: never the secret itself. */
export const secretRef = z
  .union([
    z.strictObject({
      file: z.string().startsWith('/').meta({
        description: 'absolute path of a file that only root can read; one trailing newline is dropped',
      }),
    }),
    z.strictObject({
      credential: z
        .string()
        .regex(/^[A-Za-z0-9_.-]+$/)
        .meta({ description: 'name of a systemd credential (systemd.exec(5), LoadCredential=)' }),
    }),
  ])
  .meta({ description: 'a secret by reference: `{ file: /path }` or `{ credential: name }`' });
export type SecretRef = z.output<typeof secretRef>;
