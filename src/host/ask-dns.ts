/** Questions to a DNS server, by the resolver that Node has (c-ares): no process, and no file of this host is read. */
import { promises as dns } from 'node:dns';
import { isCode } from './errors.ts';
import type { DnsAnswer, DnsQuestion } from './host.ts';

/** More at once than a server's socket can hold would be lost. */
const AT_ONCE = 32;
const TIMEOUT = 1000;
const TRIES = 3;

type Ask = (resolver: dns.Resolver, name: string) => Promise<string[]>;

const ASK: Readonly<Record<DnsQuestion['type'], Ask>> = {
  A: (resolver, name) => resolver.resolve4(name),
  AAAA: (resolver, name) => resolver.resolve6(name),
  CNAME: (resolver, name) => resolver.resolveCname(name),
  MX: async (resolver, name) =>
    (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`),
  NS: (resolver, name) => resolver.resolveNs(name),
  PTR: (resolver, name) => resolver.resolvePtr(name),
  SOA: async (resolver, name) => {
    const { nsname, hostmaster, serial, refresh, retry, expire, minttl } = await resolver.resolveSoa(name);
    return [[nsname, hostmaster, serial, refresh, retry, expire, minttl].join(' ')];
  },
  SRV: async (resolver, name) =>
    (await resolver.resolveSrv(name)).map((one) => `${one.priority} ${one.weight} ${one.port} ${one.name}`),
  TXT: async (resolver, name) => (await resolver.resolveTxt(name)).map((parts) => parts.join('')),
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

const askOne = async (resolver: dns.Resolver, { name, type }: DnsQuestion): Promise<DnsAnswer> => {
  try {
    return { is: 'answer', records: (await ASK[type](resolver, name)).sort() };
  } catch (error) {
    // It knows that there is none of this type, or no such name.
    if (isCode(error, 'ENODATA', 'ENOTFOUND')) return { is: 'answer', records: [] };
    return { is: 'no answer', code: codeOf(error) };
  }
};

const isDead = (answer: DnsAnswer): boolean =>
  answer.is === 'no answer' && (answer.code === 'ETIMEOUT' || answer.code === 'ECONNREFUSED');

/** A server that has not answered one question is not waited for again. */
export const askServer = async (
  server: string,
  questions: readonly DnsQuestion[],
  port = 53,
): Promise<readonly DnsAnswer[]> => {
  const resolver = new dns.Resolver({ timeout: TIMEOUT, tries: TRIES });
  resolver.setServers([`${server.includes(':') ? `[${server}]` : server}:${port}`]);
  const answers: DnsAnswer[] = [];
  while (answers.length < questions.length) {
    const next = questions.slice(answers.length, answers.length + AT_ONCE);
    const got = await Promise.all(next.map((question) => askOne(resolver, question)));
    answers.push(...got);
    const dead = got.find(isDead);
    if (dead !== undefined) return [...answers, ...questions.slice(answers.length).map(() => dead)];
  }
  return answers;
};
