/** How a file begins that waits for a person to write a secret into it. Nothing takes that for the secret. */
const WAITS = '# phoenix: this file waits for its secret';

export const placeholderFor = (purpose: string): string =>
  `${WAITS}: ${purpose}. Replace all of this by it.\n`;

export const isPlaceholder = (content: Buffer): boolean =>
  content.toString('utf8', 0, WAITS.length) === WAITS;
