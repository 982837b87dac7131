/** Our file as an entry of the manifest: `render`, backwards. */
import { SERVER_FILE } from '../../../facts/dnsmasq/files.ts';
import { LOOPBACK } from '../../../facts/addresses.ts';
import type { HostReader } from '../../../host/host.ts';
type Fields = Readonly<Record<string, unknown>>;

const linesOf = (text: string): string[] => text.split('\n').filter((line) => !line.startsWith('#'));

const numberOf = (field: string, text: string | undefined): Fields =>
  text === undefined ? {} : { [field]: Number(text) };

const authorityOf = (text: string | undefined): Fields => {
  const [name, ...listen] = text?.split(',') ?? [];
  return name === undefined ? {} : { authority: { name, listen } };
};

const when = (is: boolean, field: string): Fields => (is ? { [field]: true } : {});

const listOf = (field: string, all: readonly string[]): Fields => (all.length === 0 ? {} : { [field]: all });

const entryOf = (lines: readonly string[]): Fields => {
  const all = (key: string): string[] =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  return {
    ...listOf(
      'listen',
      all('listen-address').filter((address) => address !== LOOPBACK),
    ),
    ...listOf('upstream', all('server')),
    ...when(lines.includes('dnssec'), 'dnssec'),
    ...when(lines.includes('stop-dns-rebind'), 'rebindProtection'),
    ...when(!lines.includes('no-hosts'), 'hosts'),
    ...numberOf('cacheSize', all('cache-size')[0]),
    ...numberOf('localTtl', all('local-ttl')[0]),
    ...authorityOf(all('auth-server')[0]),
  };
};

export const listDnsmasq = (host: HostReader): Fields[] => {
  const text = host.readFile(SERVER_FILE)?.toString();
  return text === undefined ? [] : [entryOf(linesOf(text))];
};
