/**
 * Which configuration the running server has. dnsmasq reads it when it starts and does not tell it; so each file of ours
 * ends with a TXT record that names it by its hash, and the server is asked for that.
 */
import { createHash } from 'node:crypto';
import type { DnsQuestion } from '../../host/host.ts';

/** `invalid` is nobody's (RFC 2606). */
const DOMAIN = 'phoenix.invalid';

const nameOf = (part: string): string => `${part}.${DOMAIN}`;

export const markQuestion = (part: string): DnsQuestion => ({ name: nameOf(part), type: 'TXT' });

export const SERVER_PART = 'server';
export const zonePart = (zone: string): string => `${zone}.zone`;

/** The lines with a heading before and the mark after them. */
export const withMark = (heading: string, part: string, lines: readonly string[]): string => {
  const text = `# managed by phoenix: ${heading}\n${lines.map((line) => `${line}\n`).join('')}`;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${text}# which version of this file is in use: \`dig +short ${nameOf(part)} TXT\`\nlocal=/${DOMAIN}/\ntxt-record=${nameOf(part)},${hash}\n`;
};

export const markIn = (text: string): string | undefined =>
  /^txt-record=\S+\.phoenix\.invalid,(\w+)$/m.exec(text)?.[1];

export const isMark = (key: string, value: string): boolean =>
  key === 'txt-record' && value.split(',')[0]?.endsWith(`.${DOMAIN}`) === true;
