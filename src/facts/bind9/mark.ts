/**
 * Which configuration the running server has. named does not tell it; so with each text of ours goes an empty zone
 * that is named by its hash, and the server is asked whether it has that.
 */
import { createHash } from 'node:crypto';
import type { DnsAnswer, DnsQuestion } from '../../host/host.ts';
import { EMPTY_FILE } from './files.ts';

/** `invalid` is nobody's (RFC 2606). */
const DOMAIN = 'phoenix.invalid';
const nameOf = (hash: string): string => `${hash}.${DOMAIN}`;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** The release of Debian decides whether the package has such a file. */
export const EMPTY = '@ 0 SOA localhost. hostmaster.localhost. 1 3600 600 604800 0\n@ 0 NS localhost.\n';

const emptyZone = (name: string): string => `zone "${name}" { type primary; file "${EMPTY_FILE}"; };\n`;

/** With it nobody else is asked for a mark that is not there. */
export const MARKS = emptyZone(DOMAIN);

/** What comes with the text. */
export const markOf = (text: string): string => {
  const name = nameOf(hashOf(text));
  return `// which version is in use: \`dig +short @127.0.0.1 ${name} NS\`\n${emptyZone(name)}`;
};

/** Undefined: there is no mark in it. */
export const markQuestion = (text: string): DnsQuestion | undefined => {
  const [, hash] = /^zone "([0-9a-f]{16})\.phoenix\.invalid"/m.exec(text) ?? [];
  return hash === undefined ? undefined : { name: nameOf(hash), type: 'NS' };
};

/** Whether the one who answered the question has the zone. */
export const isThere = (answer: DnsAnswer | undefined): boolean =>
  answer?.is === 'answer' && answer.records.length > 0;
