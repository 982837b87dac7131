import { inspect } from 'node:util';
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

const MASK = '«secret»';

/** A value that cannot be printed by accident: every rendering shows the mask. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself; only for standard input, a file's content or a comparison. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
