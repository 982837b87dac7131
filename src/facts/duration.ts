/** How long to wait, as a manifest says it: seconds or minutes, such as `120s`. */
import { z } from 'zod';

/** `example` stands in the message for what is none. */
export const duration = (example: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,3}(?:s|min)$/, `expected a number and \`s\` or \`min\`, such as \`${example}\``);

export const secondsOf = (said: string): number =>
  Number.parseInt(said, 10) * (said.endsWith('min') ? 60 : 1);
