/** Compiled policy, as apparmor_parser prints it and the kernel takes it. */
import { createHash } from 'node:crypto';

/** One profile, child (`parent//child`) or hat: the unit that the kernel replaces, and has a hash of. */
export interface Policy {
  readonly name: string;
  readonly sha1: string;
  readonly sha256: string;
}

/** How each one begins: the tag "version" and a number (libapparmor, parser_interface.c). */
const START = '\x04\x08\0version\0\x02';
/** The tags of its namespace, if it is for another one, and of its name, which is a string with its length before it. */
const NAMED = /^.{4}(\x04\x0a\0namespace\0)?.*?\x04\x08\0profile\0\x07\x05(.)(.)/s;

const nameOf = (rest: string): string => {
  const found = NAMED.exec(rest);
  if (found === null) throw new Error('apparmor_parser: not the compiled policy that it is known to print');
  if (found[1] !== undefined)
    throw new Error('a profile is for a policy namespace of its own, which phoenix does not manage');
  const [head, , low = '', high = ''] = found;
  const length = low.charCodeAt(0) + 256 * high.charCodeAt(0);
  return Buffer.from(rest.slice(head.length, head.length + length - 1), 'latin1').toString();
};

const hash = (algorithm: string, bytes: string): string =>
  createHash(algorithm).update(bytes, 'latin1').digest('hex');

/**
 * One after the other, each with its children and hats behind it: the parser loads them one by one, so that the kernel
 * has a hash of each. `bytes`: one character for each.
 */
export const policiesIn = (bytes: string): Policy[] =>
  bytes
    .split(START)
    .slice(1)
    .map((rest) => ({
      name: nameOf(rest),
      sha1: hash('sha1', START + rest),
      sha256: hash('sha256', START + rest),
    }));
