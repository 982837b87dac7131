/** A manifest with every type of record, and what is answered then. */
import { strict as assert } from 'node:assert';
import type { Machine } from '../machine/machine.ts';

export const ZONE = 'internal.example.net';

export const record = (fields: string): string => `        - { ${fields} }\n`;
export const RECORDS = [
  'name: web, type: A, value: 10.0.0.1',
  'name: web, type: AAAA, value: fd00::1',
  'name: short, type: A, value: 10.0.0.2, ttl: 60',
  'name: www, type: CNAME, value: web',
  "name: '*.apps', type: A, value: 10.0.0.50",
  `name: '@', type: TXT, value: 'say "hi", \\ #1; $(reboot)'`,
  'name: _http._tcp, type: SRV, value: web, port: 8080, priority: 1, weight: 2',
  "name: '@', type: MX, value: web",
  'name: 10.0.0.9, type: PTR, value: router',
].map(record);
const zones = (records: readonly string[]): string =>
  `  zones:\n    - name: ${ZONE}\n      records:\n${records.join('')}` +
  '    - { name: corp.example.com, forwarders: [10.9.0.54] }\n' +
  '    - { name: auth.example.net, authoritative: true, records: [{ name: ns, type: A, value: 10.9.0.2 }] }\n';
const HEAD =
  'version: 1\ndns:\n  listen: [10.9.0.1]\n  upstream: [10.9.0.53]\n  localTtl: 30\n  authority: { name: ns.auth.example.net, listen: [10.9.0.2] }\n';
const RESOLVER = `  resolver: { nameservers: [127.0.0.1], search: [${ZONE}], options: ['timeout:2'], probe: web.${ZONE} }\n`;
export const manifest = (records = RECORDS): string => HEAD + zones(records) + RESOLVER;

/** Two servers elsewhere, which answer everything with their own address. */
export const ELSEWHERE = [53, 54].map(
  (last) =>
    `systemd-run --quiet --unit=elsewhere-${last} dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file= --bind-interfaces --listen-address=10.9.0.${last} --no-resolv --no-hosts --address=/#/192.0.2.${last}`,
);

/** Somebody who has the port already. */
export const ELSEWHERE_AT_HOME =
  'systemd-run --quiet --unit=squatter dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file= --bind-interfaces --listen-address=127.0.0.1 --no-resolv --no-hosts && sleep 1';

/** Questions, and the records of the answer without their time to live. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  [`web.${ZONE} A`]: [`web.${ZONE}. A 10.0.0.1`],
  [`web.${ZONE} AAAA`]: [`web.${ZONE}. AAAA fd00::1`],
  [`short.${ZONE} A`]: [`short.${ZONE}. A 10.0.0.2`],
  [`www.${ZONE} A`]: [`www.${ZONE}. CNAME web.${ZONE}.`, `web.${ZONE}. A 10.0.0.1`],
  [`any.apps.${ZONE} A`]: [`any.apps.${ZONE}. A 10.0.0.50`],
  [`${ZONE} TXT`]: [`${ZONE}. TXT "say \\"hi\\", \\\\ #1; $(reboot)"`],
  [`_http._tcp.${ZONE} SRV`]: [`_http._tcp.${ZONE}. SRV 1 2 8080 web.${ZONE}.`],
  [`${ZONE} MX`]: [`${ZONE}. MX 10 web.${ZONE}.`],
  '-x 10.0.0.1': [`1.0.0.10.in-addr.arpa. PTR web.${ZONE}.`],
  '-x fd00::1': [`1.${'0.'.repeat(29)}d.f.ip6.arpa. PTR web.${ZONE}.`],
  '-x 10.0.0.2': [`2.0.0.10.in-addr.arpa. PTR short.${ZONE}.`],
  '-x 10.0.0.9': [`9.0.0.10.in-addr.arpa. PTR router.${ZONE}.`],
  'public.example.org A': ['public.example.org. A 192.0.2.53'],
  'host.corp.example.com A': ['host.corp.example.com. A 192.0.2.54'],
};

/** One process for all: each takes long under emulation. */
export const dig = (questions: string, at = '10.9.0.1'): string =>
  `dig @${at} +time=2 +tries=1 +noall +answer +comments ${questions}`;

/** Lines such as `web.internal.example.net. 30 IN A 10.0.0.1`. */
const recordsOf = (stdout: string): string[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith(';'))
    .map((line) => line.replaceAll(/\s+/g, ' '));

const withoutTtl = (line: string): string => line.replace(/ \d+ IN /, ' ');

export const assertAnswers = async (machine: Machine): Promise<void> => {
  const found = recordsOf(await machine.succeed(dig(Object.keys(ANSWERS).join(' '))));
  assert.deepEqual(found.map(withoutTtl), Object.values(ANSWERS).flat());
  assert.ok(found.includes(`short.${ZONE}. 60 IN A 10.0.0.2`), 'its own time to live');
  assert.ok(found.includes(`web.${ZONE}. 30 IN A 10.0.0.1`), 'that of the server');
};

/** Of answers to several questions: NOERROR, NXDOMAIN, … */
export const statusesOf = (stdout: string): string[] =>
  [...stdout.matchAll(/status: (\w+)/g)].map(([, status = '']) => status);

/** What is not there, what somebody else has set, and what the authority answers for. */
export const assertEdges = async (machine: Machine): Promise<void> => {
  // Only an address of IPv4: no error, and nothing (an error would make some clients give up).
  const others = await machine.succeed(dig(`short.${ZONE} AAAA nosuch.${ZONE} A hand.example.org A`));
  assert.deepEqual(statusesOf(others), ['NOERROR', 'NXDOMAIN', 'NOERROR']);
  assert.match(others, /^hand\.example\.org\.\s.*\s10\.0\.0\.77$/m);
  const authority = await machine.succeed(
    dig(`+norec ns.auth.example.net A auth.example.net NS web.${ZONE} A`, '10.9.0.2'),
  );
  assert.deepEqual(statusesOf(authority), ['NOERROR', 'NOERROR', 'REFUSED']);
  assert.match(authority, /flags: qr aa;/);
  assert.match(authority, /^auth\.example\.net\.\s.*\sNS\sns\.auth\.example\.net\.$/m);
};
