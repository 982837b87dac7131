import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import firewall from '../../../src/resources/firewall/index.ts';
import {
  formatAddress,
  merged,
  networksOf,
  parseAddress,
  type Range,
} from '../../../src/resources/firewall/addresses.ts';
import { isReachable } from '../../../src/resources/firewall/access/reachable.ts';
import { verdictOn, type Packet } from '../../../src/resources/firewall/passes.ts';
import { mergedPorts, parsePort } from '../../../src/resources/firewall/ports.ts';
import { proxmoxRules, ruleKey } from '../../../src/resources/firewall/proxmox/rules.ts';
import { chainsOf } from '../../../src/resources/firewall/ruleset.ts';
import { FakeHost } from '../../support/fake-host.ts';

type Input = Parameters<typeof firewall.desired.parse>[0];
type Rule = NonNullable<ReturnType<typeof firewall.desired.parse>['rules']>[number];

/** Few addresses and ports, so that rules and packets meet. */
const octet = fc.integer({ min: 0, max: 7 });
const place = fc.oneof(
  octet.map((last) => `10.0.0.${last}`),
  octet.map((last) => `10.0.0.${last}/30`),
  fc.tuple(octet, octet).map(([a, b]) => `10.0.0.${Math.min(a, b)}-10.0.0.${Math.max(a, b)}`),
  octet.map((last) => `fd00::${last}/127`),
);
const places = fc.option(fc.array(place, { minLength: 1, maxLength: 3 }), { nil: undefined });
const port = fc.oneof(fc.integer({ min: 20, max: 24 }), fc.constantFrom('20-22', '23-24'));
const iface = fc.option(fc.constantFrom('a0', 'b0'), { nil: undefined });
const rule = fc
  .record({
    action: fc.constantFrom('ACCEPT', 'DROP', 'REJECT'),
    proto: fc.constantFrom(undefined, 'tcp', 'udp'),
    source: places,
    destination: places,
    iface,
    port: fc.option(fc.array(port, { minLength: 1, maxLength: 2 }), { nil: undefined }),
  })
  .map(({ port: ports, ...rest }) => ({ ...rest, ...(rest.proto === undefined ? {} : { port: ports }) }));
const desired = fc
  .record({ policyIn: fc.constantFrom('ACCEPT', 'DROP', 'REJECT'), rules: fc.array(rule, { maxLength: 6 }) })
  .map((input) => firewall.desired.safeParse(input))
  .filter(({ success }) => success)
  .map(({ data }) => data!);

const address = fc.oneof(
  octet.map((last) => ({ family: 4 as const, value: 0x0a00_0000n + BigInt(last) })),
  octet.map((last) => ({ family: 6 as const, value: (0xfd00n << 112n) + BigInt(last) })),
);
const packet: fc.Arbitrary<Packet> = fc
  .tuple(
    address,
    octet,
    fc.constantFrom('tcp', 'udp'),
    fc.integer({ min: 19, max: 25 }),
    fc.constantFrom('a0', 'b0', 'c0'),
  )
  .map(([source, last, proto, to, inIface]) => ({
    chain: 'input',
    state: 'new',
    family: source.family,
    source: source.value,
    destination: source.family === 4 ? 0x0a00_0000n + BigInt(last) : (0xfd00n << 112n) + BigInt(last),
    proto,
    port: to,
    inIface,
  }));

/** The rules as the manifest has them, read without any of the code that is tested. */
const isAbout = (rule: Rule, { family, source, destination, proto, port: to, inIface }: Packet): boolean => {
  const contains = (list: Rule['source'], value: bigint): boolean =>
    list === undefined ||
    [list].flat().some((text) => {
      const last = (one: string): bigint => BigInt(Number(one.split(/[.:]/).at(-1)));
      const [base = '', rest] = text.split(/[/-]/);
      if (base.includes(':') !== (family === 6)) return false;
      const value7 = value & 7n;
      if (text.includes('-')) return last(base) <= value7 && value7 <= last(rest!);
      if (!text.includes('/')) return last(base) === value7;
      const size = text.endsWith('/30') ? 4n : 2n;
      return last(base) / size === value7 / size;
    });
  const hasPort = [rule.port ?? '1-65535'].flat().some((text) => {
    const [from, upTo = from] = String(text).split('-').map(Number);
    return from! <= to! && to! <= upTo!;
  });
  return (
    (rule.proto ?? proto) === proto &&
    (rule.iface ?? inIface) === inIface &&
    hasPort &&
    contains(rule.source, source) &&
    contains(rule.destination, destination)
  );
};

describe('Firewall: would this packet pass', () => {
  it('is decided by the first rule of the manifest that is about it, else by the policy', () => {
    fc.assert(
      fc.property(desired, packet, (want, one) => {
        const first = want.rules.find((rule) => isAbout(rule, one));
        assert.equal(verdictOn(chainsOf(want), one), first?.action ?? want.policyIn);
      }),
      { numRuns: 2000 },
    );
  });

  it('is yes for what is established and for the loopback, and for what no chain filters', () => {
    fc.assert(
      fc.property(desired, packet, (want, one) => {
        const chains = chainsOf(want);
        assert.equal(verdictOn(chains, { ...one, state: 'established' }), 'ACCEPT');
        assert.equal(verdictOn(chains, { ...one, inIface: 'lo' }), 'ACCEPT');
        assert.equal(verdictOn(chains, { ...one, chain: 'output' }), 'ACCEPT');
      }),
    );
  });

  it('takes the worse to be the case where the interface is not known', () => {
    fc.assert(
      fc.property(desired, packet, (want, { inIface: _, ...one }) => {
        const chains = chainsOf(want);
        if (verdictOn(chains, one) === 'ACCEPT')
          assert.ok(
            ['a0', 'b0', 'c0'].some((inIface) => verdictOn(chains, { ...one, inIface }) === 'ACCEPT'),
          );
      }),
    );
  });

  it('knows that somebody can connect whenever one packet would pass, and only then', () => {
    const somewhere = (want: Parameters<typeof chainsOf>[0]): boolean =>
      [0x0a00_0000n, 0xfd00n << 112n].some((base) =>
        [...Array(9).keys()].some((from) =>
          [...Array(9).keys()].some((to) =>
            ['a0', 'b0', 'c0'].some(
              (inIface) =>
                verdictOn(chainsOf(want), {
                  chain: 'input',
                  state: 'new',
                  family: base < 1n << 32n ? 4 : 6,
                  source: base + BigInt(from),
                  destination: base + BigInt(to),
                  proto: 'tcp',
                  port: 22,
                  inIface,
                }) === 'ACCEPT',
            ),
          ),
        ),
      );
    fc.assert(
      fc.property(desired, (want) => {
        assert.equal(isReachable(chainsOf(want), 22), somewhere(want));
      }),
      { numRuns: 300 },
    );
  });
});

describe('Firewall: addresses and ports', () => {
  const range: fc.Arbitrary<Range> = fc
    .tuple(fc.constantFrom(4 as const, 6 as const), fc.bigInt(0n, (1n << 32n) - 1n), fc.bigInt(0n, 5000n))
    .map(([family, from, size]) => ({
      family,
      from,
      to: family === 4 && from + size >= 1n << 32n ? from : from + size,
    }));

  it('are the same after they were written as networks', () => {
    fc.assert(
      fc.property(range, (one) => {
        const networks = networksOf(one).map((text) => parseAddress(text)!);
        assert.deepEqual(merged(networks), [one]);
      }),
    );
  });

  it('have one form, in which every spelling ends', () => {
    const long = parseAddress('FD00:0:0::0:5')!;
    assert.deepEqual(networksOf(long), ['fd00::5']);
    assert.deepEqual(networksOf(parseAddress('::ffff:10.0.0.1')!), [formatAddress(6, 0xffff_0a00_0001n)]);
    assert.deepEqual(networksOf(parseAddress('10.0.0.77/24')!), ['10.0.0.0/24']);
    assert.deepEqual(networksOf(parseAddress('0.0.0.0/0')!), ['0.0.0.0/0']);
    assert.deepEqual(networksOf(parseAddress('::/0')!), ['::/0']);
    assert.deepEqual(
      mergedPorts([
        [5, 9],
        [1, 4],
        [7, 7],
        [20, 20],
      ]),
      [
        [1, 9],
        [20, 20],
      ],
    );
  });

  for (const text of [
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.1/33',
    '10.0.0.1/',
    'fd00::/129',
    '10.0.0.1-fd00::1',
    '10.0.0.9-10.0.0.1',
    'fe80::1%eth0',
    '::1]/x',
    '1:2:3',
    '10.0.0.1.',
    '10.0.0.1-',
  ])
    it(`are not: ${text || 'nothing'}`, () => {
      assert.equal(parseAddress(text), undefined);
    });

  for (const text of [0, 65536, '5-4', '1-', 'ssh', '1-70000'])
    it(`are no ports: ${text}`, () => {
      assert.equal(parsePort(text), undefined);
    });
});

describe('Firewall: the manifest', () => {
  const refusals: readonly (readonly [Input, RegExp])[] = [
    [{ rules: [{ action: 'ACCEPT', port: 22 }] }, /ports need a `proto`/],
    [{ rules: [{ action: 'ACCEPT', proto: 'icmp', sourcePort: 22 }] }, /ports need a `proto`/],
    [
      { rules: [{ action: 'ACCEPT', proto: 'tcp', icmpTypes: ['echo-reply'] }] },
      /expected types that `proto`/,
    ],
    [
      { rules: [{ action: 'ACCEPT', proto: 'icmp', icmpTypes: ['nd-redirect'] }] },
      /expected types that `proto`/,
    ],
    [{ rules: [{ action: 'ACCEPT', outIface: 'a' }] }, /expected `iface`/],
    [{ rules: [{ action: 'ACCEPT', source: 'admins' }] }, /there is no set admins/],
    [{ rules: [{ action: 'ACCEPT', source: '10.0.0.1', destination: 'fd00::1' }] }, /no packet can match/],
    [{ rules: [{ action: 'ACCEPT', proto: 'icmpv6', source: '10.0.0.1' }] }, /no packet can match/],
    [{ rules: [{ action: 'ACCEPT', source: '10.0.0.1; flush ruleset' }] }, /expected an address/],
    [{ rules: [{ action: 'ACCEPT', iface: 'a" accept #' }] }, /expected the name of a network interface/],
    [{ rules: [{ action: 'ACCEPT', comment: 'a\nIN ACCEPT' }] }, /expected one line/],
    [{ rules: [{ action: 'ACCEPT', comment: 'a" accept comment "b' }] }, /expected one line/],
    [{ rules: [{ action: 'ACCEPT', comment: 'ü'.repeat(60) }] }, /at most 110 bytes/],
    [{ rules: [{ action: 'ACCEPT', comment: ' a' }] }, /no blank/],
    [{ sets: { 'a b': ['10.0.0.1'] } }, /expected a name of letters/],
    [{ sets: { a: ['b'] } }, /expected an address/],
  ];
  for (const [input, message] of refusals)
    it(`refuses ${JSON.stringify(input).slice(0, 80)}`, () => {
      const { success, error } = firewall.desired.safeParse(input);
      assert.equal(success, false);
      assert.match(error.message, message);
    });
});

describe('Firewall: Proxmox VE', () => {
  it('has at most 15 ports in a rule, where a range counts as two', () => {
    const ports = [...Array(20).keys()].map((one) => 1000 + 2 * one);
    const want = firewall.desired.parse({
      rules: [{ action: 'ACCEPT', proto: 'tcp', port: [...ports, '5000-5001', '6000-6001'], sourcePort: 9 }],
    });
    const lists = proxmoxRules(chainsOf(want)).map((line) => / -dport (\S+) /.exec(line)![1]!.split(','));
    assert.deepEqual(
      lists.map((list) => list.length),
      [15, 7],
    );
    assert.deepEqual(lists.flat(), [...ports.map(String), '5000:5001', '6000:6001']);
  });

  it('may write a rule in another way', () => {
    const ours = 'IN ACCEPT -i vmbr0 -source 10.0.0.1 -p tcp -dport 22 # phoenix: a # b';
    assert.equal(
      ruleKey(
        'in  ACCEPT --dport 22 --proto tcp -iface vmbr0 -source 10.0.0.1 -log nolog   # phoenix: a # b',
      ),
      ruleKey(ours),
    );
    assert.notEqual(ruleKey(`|${ours}`), ruleKey(ours));
    assert.notEqual(ruleKey(ours.replace('22', '23')), ruleKey(ours));
  });

  /** Its checker complains only once the new rules are there. */
  class Complaining extends FakeHost {
    override async run(command: Parameters<FakeHost['run']>[0]) {
      const result = await super.run(command);
      const isNew = ['/etc/pve/firewall/cluster.fw', '/etc/pve/nodes/lab/host.fw'].some((path) =>
        this.readFile(path)?.toString().includes('bad'),
      );
      return {
        ...result,
        stderr: isNew
          ? 'known (line 7)\n/etc/pve/nodes/lab/host.fw (line 3) - errors in rule\n'
          : 'known (line 3)\n',
      };
    }
  }

  it('gets back what it had if it refuses the new rules', async () => {
    const [cluster, own] = ['/etc/pve/firewall/cluster.fw', '/etc/pve/nodes/lab/host.fw'];
    const host = new Complaining({
      files: { '/usr/sbin/pve-firewall': '', [cluster]: 'old\n', '/etc/pve/nodes/lab/x': '' },
    });
    await assert.rejects(
      firewall.converge({ op: 'write-proxmox', files: { [own]: 'bad\n', [cluster]: 'new\n' } }, host),
      /pve-firewall refuses the rules; everything is as it was:\n.*line 3.*errors in rule$/,
    );
    assert.equal(host.readFile(cluster)?.toString(), 'old\n');
    assert.equal(host.readFile(own), undefined);
  });
});
