import { createHash } from 'node:crypto';

/** Content too long, or not text, in a few characters. */
export const briefly = (content: string | { readonly size: number; readonly sha256: string }): string => {
  if (typeof content !== 'string') return `${content.size} bytes, sha256 ${content.sha256.slice(0, 12)}`;
  const sha256 = createHash('sha256').update(content).digest('hex');
  return briefly({ size: Buffer.byteLength(content), sha256 });
};
