import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import dnsZone from '../../../src/resources/dns-zone/index.ts';
import { render } from '../../../src/resources/dns-zone/dnsmasq/render.ts';
import type { ZoneOp } from '../../../src/resources/dns-zone/schema.ts';
import { FakeHost } from '../../support/fake-host.ts';

const parse = (desired: object) => dnsZone.desired.safeParse({ name: 'a.test', ...desired });
const web = { name: 'web', type: 'A', value: '10.0.0.1' };
const errors = (records: object[], more: object = {}): string[] =>
  (parse({ records, ...more }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
const refuses = (records: object[], expected: RegExp, more?: object): void => {
  const found = errors(records, more);
  assert.equal(found.length, 1, found.join('\n'));
  assert.match(found[0]!, expected);
};

const write = (zone: string, records: object[]): ZoneOp => ({
  op: 'write',
  zone,
  ...render(dnsZone.desired.parse({ name: zone, records })),
});

/** dnsmasq does not take what has this word in it. */
class PickyHost extends FakeHost {
  override async run(command: Parameters<FakeHost['run']>[0]): ReturnType<FakeHost['run']> {
    const result = await super.run(command);
    const folder = '/run/phoenix-dnsmasq/dnsmasq.d';
    const names = this.readDirectory(folder) ?? [];
    return names.some((name) => this.readFile(`${folder}/${name}`)?.includes('bad'))
      ? { ...result, code: 1, stderr: 'dnsmasq: bad option' }
      : result;
  }
}

const RUNNING = {
  files: { '/run/dnsmasq/dnsmasq.pid': '812\n', '/proc/812/comm': 'dnsmasq\n', '/etc/x': '' },
  dns: { '127.0.0.1': {} },
};

describe('DnsZone, otherwise', () => {
  it('refuses records that contradict each other, before anything is live', () => {
    refuses([web, web], /records\.1\.name: web\.a\.test A 10\.0\.0\.1 is declared twice/);
    refuses([web, { ...web, name: 'WEB.a.test.' }], /records\.1\.name: .* is declared twice/);
    const alias = (name: string, value: string): object => ({ name, type: 'CNAME', value });
    refuses([web, alias('web', 'nas'), { ...web, name: 'nas' }], /records\.1\.name: .*an alias has no other/);
    refuses([web, alias('x', 'lost')], /records\.1\.value: lost\.a\.test is no name of this zone/);
    refuses(
      [web, alias('x', 'www.example.net')],
      /records\.1\.value: www\.example\.net is no name of this zone/,
    );
    refuses(
      [web, { ...web, name: '*.apps' }, alias('x', 'apps')],
      /records\.2\.value: apps\.a\.test is no name of this zone/,
    );
    refuses([alias('x', 'x')], /records\.0\.value: x\.a\.test is an alias of itself/);
    assert.equal(errors([alias('x', 'y'), alias('y', 'x')]).length, 2);
    assert.equal(errors([web, alias('x', 'web'), alias('x', 'web2'), { ...web, name: 'web2' }]).length, 2);
    refuses([{ name: '@', type: 'MX', value: 'mail' }], /records\.0\.value: mail\.a\.test has no address/);
    const router = { name: '10.0.0.1', type: 'PTR', value: 'router' };
    refuses([router, { ...router, value: 'other' }], /records\.1\.name: .*another PTR record already/);
    const long = { ...web, name: `${'a'.repeat(60)}.`.repeat(4).slice(0, -1) };
    refuses([long], /expected a name of at most 253/, { name: `${'b'.repeat(20)}.test` });
  });

  it('takes what only looks like it', () => {
    assert.deepEqual(
      errors([
        web,
        { ...web, value: '10.0.0.2' },
        { ...web, name: '*' },
        { ...web, name: '*.apps' },
        { name: 'apps', type: 'TXT', value: '' },
        { name: 'apps', type: 'TXT', value: 'two' },
        { name: '@', type: 'MX', value: 'x.apps' + '.a.test' },
        { name: '@', type: 'MX', value: 'mail.example.net' },
        { name: 'x', type: 'CNAME', value: 'y' },
        { name: 'y', type: 'CNAME', value: 'web' },
      ]),
      [],
    );
  });

  it('refuses what dnsmasq cannot express', () => {
    refuses([{ ...web, name: '*.x', type: 'TXT' }], /only have addresses/);
    refuses([{ ...web, name: '*.x', ttl: 5 }], /no ttl for a name with `\*`/);
    refuses([{ ...web, name: 'fd00::1' }], /only a PTR record is named by an address/);
    refuses([{ ...web, port: 5 }], /there is no port of A; only of SRV/);
    refuses([web, { name: 'x', type: 'SRV', value: 'web' }], /expected the port/);
    refuses([{ name: 't', type: 'TXT', value: 'a\nb' }], /without control characters/);
    refuses([{ name: 't', type: 'TXT', value: '"'.repeat(351) }], /at most 700/);
    refuses([{ ...web, value: 'fd00::1' }], /expected an IPv4 address/);
    refuses([], /expected records or forwarders/);
    refuses([web], /is not forwarded/, { authoritative: true, forwarders: ['10.0.0.1'] });
    refuses([{ ...web, name: '*' }], /in an authoritative zone/, { authoritative: true });
    for (const bad of ['10.0.0', '10.0.0.1#', '10.0.0.1#123456', 'ns.test', '10.0.0.1,x'])
      assert.equal(parse({ forwarders: [bad] }).success, false, bad);
  });

  it('writes any text of a TXT record as one line that dnsmasq reads back as it was', () => {
    const text = fc.string({
      maxLength: 300,
      unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
    });
    fc.assert(
      fc.property(text, (value) => {
        const { conf } = render(
          dnsZone.desired.parse({ name: 'a.test', records: [{ name: 't', type: 'TXT', value }] }),
        );
        const [line, ...more] = conf.split('\n').filter((one) => one.startsWith('txt-record=t.a.test,'));
        assert.deepEqual(more, []);
        const strings = [...line!.slice('txt-record=t.a.test'.length).matchAll(/,"((?:[^"\\]|\\.)*)"/g)];
        assert.equal(strings.map(([whole]) => whole).join(''), line!.slice('txt-record=t.a.test'.length));
        assert.equal(strings.map(([, inner]) => inner!.replace(/\\(.)/g, '$1')).join(''), value);
        assert.ok(Buffer.byteLength(line!) < 1024);
      }),
    );
  });

  it('brings several zones into effect with one restart', async () => {
    const host = new FakeHost(RUNNING);
    await dnsZone.convergeTogether!([write('a.test', [web]), write('b.test', [web]), { op: 'reload' }], host);
    const programs = host.calls.filter(([call]) => call === 'run').map((call) => call.slice(1, 3).join(' '));
    assert.deepEqual(programs, [
      'dnsmasq --test',
      'systemctl reset-failed',
      'systemctl restart',
      'systemctl reload',
    ]);
  });

  it('goes on with the zones that dnsmasq takes', async () => {
    const host = new PickyHost(RUNNING);
    await assert.rejects(
      dnsZone.convergeTogether!([write('bad.test', [web]), write('good.test', [web])], host),
      /^SomeFailed: bad\.test: dnsmasq rejects the configuration; nothing was written:\ndnsmasq: bad option$/,
    );
    assert.ok(host.readFile('/etc/dnsmasq.d/phoenix-zone-good.test.conf'));
    assert.equal(host.readFile('/etc/dnsmasq.d/phoenix-zone-bad.test.conf'), undefined);
    assert.ok(host.calls.some((call) => call.includes('restart')));
  });

  it('lists what it has written, in other words perhaps, but with the same meaning', async () => {
    const zones = [
      {
        name: 'a.test',
        records: [
          web,
          { name: 'web', type: 'AAAA', value: 'fd00::1' },
          { ...web, name: 'short', ttl: 60 },
          { name: 'www', type: 'CNAME', value: 'web', ttl: 5 },
          { name: '*', type: 'A', value: '10.0.0.7' },
          { name: '*.apps', type: 'AAAA', value: 'fd00::7' },
          { name: '@', type: 'TXT', value: 'say "hi", \\ #1; x,y' },
          { name: '@', type: 'TXT', value: 'x'.repeat(600) },
          { name: '_http._tcp', type: 'SRV', value: 'web', port: 80, priority: 1, weight: 2 },
          { name: '@', type: 'MX', value: 'mail.example.net' },
          { name: '10.0.0.9', type: 'PTR', value: 'web' },
          { name: 'fd00::9', type: 'PTR', value: '@' },
        ],
      },
      { name: 'b.test', forwarders: ['10.1.1.1', '10.1.1.2#5353'] },
      { name: 'c.test', authoritative: true, records: [web] },
    ];
    const texts = zones.map((zone) => render(dnsZone.desired.parse(zone)));
    const files = Object.fromEntries(
      zones.flatMap(({ name }, index) => [
        [`/etc/dnsmasq.d/phoenix-zone-${name}.conf`, texts[index]!.conf],
        [`/etc/dnsmasq.phoenix/${name}.hosts`, texts[index]!.hosts],
      ]),
    );
    const host = new FakeHost({
      files: {
        ...files,
        '/etc/dnsmasq.d/phoenix-zone-empty.test.conf': '# nothing\n',
        '/etc/dnsmasq.d/x.conf': 'x\n',
      },
    });
    const listed = await dnsZone.list!(host);
    assert.deepEqual(
      listed.map(({ name }) => name),
      ['a.test', 'b.test', 'c.test'],
    );
    assert.deepEqual(
      listed.map((entry) => render(dnsZone.desired.parse(entry))),
      texts,
    );
    assert.deepEqual(listed[2], {
      name: 'c.test',
      records: [{ name: 'web', type: 'A', value: '10.0.0.1' }],
      authoritative: true,
    });
  });
});
