import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import sinon from 'sinon';
import { nextSerial, serialIn, withSerial } from '../../../src/resources/dns-zone/bind9/serial.ts';
import { render } from '../../../src/resources/dns-zone/bind9/render.ts';
import dnsZone from '../../../src/resources/dns-zone/index.ts';
import type { ZoneOp } from '../../../src/resources/dns-zone/schema.ts';
import { FakeHost } from '../../support/fake-host.ts';

const web = { name: 'web', type: 'A', value: '10.0.0.1' };
const zone = (name: string, fields: object = { records: [web] }) =>
  dnsZone.desired.parse({ name, backend: 'bind9', ...fields });
const errors = (fields: object): string[] =>
  (dnsZone.desired.safeParse({ name: 'a.test', backend: 'bind9', ...fields }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
const write = (name: string): ZoneOp => {
  const { conf, data = null } = render(zone(name), 0);
  return { op: 'write-bind9', zone: name, conf, data };
};
const SERVED = {
  files: {
    '/run/x': '',
    '/etc/bind/named.conf': 'include "/etc/bind/named.conf.options";\n',
    '/etc/bind/named.conf.options': 'include "/etc/bind/phoenix/*.conf";\n',
    '/etc/bind/phoenix/server.conf': '',
  },
};

describe('DnsZone by bind9, otherwise', () => {
  afterEach(() => {
    sinon.restore();
  });

  it('takes what dnsmasq does not', () => {
    const records = [
      web,
      { name: '*.x', type: 'TXT', value: 'any', ttl: 5 },
      { name: 'away', type: 'CNAME', value: 'www.example.org' },
      { name: 'app', type: 'CNAME', value: 'one.y' + '.a.test' },
      { name: '*.y', type: 'A', value: '10.0.0.2' },
      { name: '_s._tcp', type: 'SRV', value: 'web', port: 1, ttl: 5 },
    ];
    assert.deepEqual(errors({ records, ttl: 0, authoritative: true, nameServer: 'ns.example.net' }), []);
    assert.deepEqual(errors({ name: '0.0.10.in-addr.arpa' }), []);
    assert.deepEqual(errors({ name: '8.b.d.0.ip6.arpa' }), []);
  });

  it('refuses what named would not load, or not serve', () => {
    const one = (record: object): string[] => errors({ records: [web, record] });
    assert.deepEqual(one({ name: 'b.test.', type: 'A', value: '10.0.0.1' }), [
      'records.1.name: b.test is not below a.test; declare it in its own zone',
    ]);
    assert.deepEqual(one({ name: '10.0.0.9', type: 'PTR', value: 'router' }), [
      'records.1.name: 9.0.0.10.in-addr.arpa is not below a.test; declare it in its reverse zone, such as 0.0.10.in-addr.arpa',
    ]);
    assert.deepEqual(errors({ records: [{ name: '@', type: 'CNAME', value: 'x.example.org' }] }), [
      'records.0.name: a.test is the zone itself, which cannot be an alias',
    ]);
    assert.deepEqual(one({ name: 'x', type: 'CNAME', value: 'lost' }), [
      'records.1.value: lost.a.test is no name of this zone',
    ]);
    assert.match(
      errors({ records: [web], forwarders: ['10.0.0.1'] })[0]!,
      /^forwarders: bind9 answers a zone itself/,
    );
    assert.match(errors({})[0]!, /^records: expected records or forwarders/);
  });

  it('raises serials: to the second of the clock, or above what there was', () => {
    assert.equal(nextSerial(0, 1_764_000_000), 1_764_000_000);
    assert.equal(nextSerial(2_026_112_701, 1_764_000_000), 2_026_112_702);
    assert.equal(nextSerial(0xffff_ffff, 1_764_000_000), 1);
    const serial = fc.integer({ min: 0, max: 0xffff_ffff });
    fc.assert(
      fc.property(serial, serial, (before, seconds) => {
        const { data = '' } = render(zone('a.test'), before);
        assert.equal(serialIn(data), before);
        const next = nextSerial(before, seconds);
        // RFC 1982: greater, and by less than half of all
        const ahead = (next - before + 2 ** 32) % 2 ** 32;
        assert.ok(ahead > 0 || before === 0xffff_ffff);
        assert.equal(withSerial(data, next), render(zone('a.test'), next).data);
      }),
    );
    assert.equal(serialIn(undefined), 0);
  });

  it('gives a new zone the second of the clock as its serial', async () => {
    sinon.useFakeTimers({ now: 1_764_000_000_500, toFake: ['Date'] });
    const host = new FakeHost(SERVED);
    await dnsZone.converge(write('a.test'), host);
    const data = host.readFile('/etc/bind/phoenix/zone-a.test.db')!.toString();
    assert.match(data, /^a\.test\. SOA localhost\. hostmaster\.a\.test\. 1764000000 /m);
  });

  it('brings several zones into effect with one reload, and goes on with those that named takes', async () => {
    const host = new FakeHost({
      ...SERVED,
      commands: {
        'named-checkzone -i local -k fail bad.test /run/phoenix-bind9/etc/bind/phoenix/zone-bad.test.db': {
          code: 1,
          stdout: 'zone bad.test/IN: not loaded due to errors.\n',
        },
      },
    });
    const reload: ZoneOp = { op: 'reload-bind9', zone: 'c.test' };
    await assert.rejects(
      dnsZone.convergeTogether!([write('bad.test'), write('good.test'), reload], host),
      /^SomeFailed: bad\.test: named rejects the configuration; nothing was written:\nzone bad\.test/,
    );
    assert.ok(host.readFile('/etc/bind/phoenix/zone-good.test.conf'));
    assert.equal(host.readFile('/etc/bind/phoenix/zone-bad.test.conf'), undefined);
    const programs = host.calls.filter(([call]) => call === 'run').map(([, program]) => program);
    assert.deepEqual(programs, [
      'named-checkzone',
      'named-checkzone',
      'named-checkconf',
      'named-checkconf',
      'rndc',
    ]);
  });

  it('takes back what named does not serve', async () => {
    const clock = sinon.useFakeTimers({ toFake: ['Date', 'setTimeout'] });
    const host = new FakeHost({
      files: { ...SERVED.files, '/run/named/named.pid': '90\n', '/proc/90/comm': 'named\n' },
      commands: { 'journalctl --unit named.service --lines=8 --output=cat --no-pager': 'zone a.test: bad\n' },
      dns: { '127.0.0.1': {} },
    });
    const failing = assert.rejects(
      dnsZone.converge(write('a.test'), host),
      /^Error: named does not have the statements of zone a\.test after it was reloaded:\nzone a\.test: bad\nthe files are as they were before, and named has read them again$/,
    );
    await clock.tickAsync(20_000);
    await failing;
    assert.equal(host.readFile('/etc/bind/phoenix/zone-a.test.db'), undefined);
  });

  it('lists what it has written, in other words perhaps, but with the same meaning', async () => {
    const zones = [
      zone('a.test', {
        ttl: 60,
        nameServer: 'ns.example.net',
        authoritative: true,
        records: [
          web,
          { name: 'web', type: 'AAAA', value: 'fd00::1', ttl: 5 },
          { name: 'www', type: 'CNAME', value: 'web' },
          { name: '*', type: 'A', value: '10.0.0.7' },
          { name: '*.apps', type: 'TXT', value: 'any' },
          { name: '@', type: 'TXT', value: 'say "hi", \\ #1; x,y' },
          { name: '@', type: 'TXT', value: 'x'.repeat(600) },
          { name: '_http._tcp', type: 'SRV', value: 'web', port: 80, priority: 1, weight: 2 },
          { name: '@', type: 'MX', value: 'mail.example.net' },
        ],
      }),
      zone('0.0.10.in-addr.arpa', { records: [{ name: '10.0.0.9', type: 'PTR', value: 'web.a.test' }] }),
      zone('corp.test', { forwarders: ['10.1.1.1', '10.1.1.2#5353'] }),
    ];
    const texts = zones.map((one) => render(one, 7));
    const files: Record<string, string> = {};
    for (const [index, { name }] of zones.entries()) {
      const { conf, data } = texts[index]!;
      files[`/etc/bind/phoenix/zone-${name}.conf`] = conf;
      if (data !== undefined) files[`/etc/bind/phoenix/zone-${name}.db`] = data;
    }
    const listed = await dnsZone.list!(
      new FakeHost({
        files: { ...files, '/etc/bind/phoenix/server.conf': '', '/etc/bind/phoenix/zone-x.conf': 'x' },
      }),
    );
    const again = listed.map((entry) => dnsZone.desired.parse(entry));
    assert.deepEqual(again.map(({ name }) => name).sort(), zones.map(({ name }) => name).sort());
    for (const [index, { name }] of zones.entries())
      assert.deepEqual(
        render(
          again.find((one) => one.name === name)!,
          7,
        ),
        texts[index],
      );
  });
});
