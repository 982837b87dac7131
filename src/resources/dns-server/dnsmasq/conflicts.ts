/** Settings of others that ours cannot stand beside. */
import type { Line } from '../../../facts/dnsmasq/files.ts';

const REASONS: Readonly<Record<string, string>> = {
  'listen-address': 'it would answer at more addresses than declared',
  interface: 'it would answer at more addresses than declared',
  'bind-interfaces':
    'it excludes `bind-dynamic`, with which dnsmasq starts although an address is not there yet',
  port: 'it would not answer at port 53',
  'servers-file': 'it brings upstream servers that are not declared',
};

const reasonOf = ({ key, value }: Line): string | undefined =>
  // `server=/zone/…` is about one domain
  key === 'server' && !value.startsWith('/') ? 'it is an upstream server that is not declared' : REASONS[key];

export const conflictsWith = (lines: readonly Line[]): string[] =>
  lines.flatMap((line) => {
    const reason = reasonOf(line);
    const text = line.value === '' ? line.key : `${line.key}=${line.value}`;
    return reason === undefined ? [] : [`${line.at} has \`${text}\`: ${reason}`];
  });
