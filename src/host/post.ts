/** Tells somebody by HTTP: once, within bounds, and without a word of where and with what in any error. */
import type { Target } from '../engine/notify.ts';
import { Unreadable } from './errors.ts';
import { readSecret } from './read-secret.ts';

/** Name resolution and all. */
const WITHIN = 10_000;

class Unsaid extends Error {}

const addressOf = ({ url }: Target): string => {
  const address = typeof url === 'string' ? url : readSecret(url).reveal().trim();
  if (!/^https?:/i.test(address) || !URL.canParse(address)) throw new Unsaid('no address of http or https');
  return address;
};

const bearer = ({ token }: Target): Readonly<Record<string, string>> =>
  token === undefined ? {} : { authorization: `Bearer ${readSecret(token).reveal()}` };

/** Errors of fetch have the address in them, which may be a secret. */
const whyNot = (error: unknown, within: number): string => {
  if (error instanceof Unsaid || error instanceof Unreadable) return error.message;
  if (!(error instanceof Error)) return 'unknown error';
  if (error.name === 'TimeoutError') return `no answer within ${within / 1000} s`;
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.name;
  return error.name;
};

/** Undefined if it was taken; else why not. Never throws. */
export const post = async (
  target: Target,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  within = WITHIN,
): Promise<string | undefined> => {
  try {
    const response = await fetch(addressOf(target), {
      method: 'POST',
      headers: { ...headers, ...bearer(target) },
      body,
      // Elsewhere the token has no business.
      redirect: 'error',
      signal: AbortSignal.timeout(within),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Unsaid(`answered with ${response.status}`);
    return undefined;
  } catch (error) {
    return whyNot(error, within);
  }
};
