import { strict as assert } from 'node:assert';
import { forwardedZones, zonesOfBind9 } from '../../src/setup/dns-bind9.ts';
import { schema, type Zone } from '../../src/setup/dns-section.ts';

const zones = (...all: object[]): readonly Zone[] => schema.parse({ zones: all })!.zones;
const a = (name: string, value: string): object => ({
  name,
  type: value.includes(':') ? 'AAAA' : 'A',
  value,
});

describe('the section dns', () => {
  it('refuses settings that its program has not, at their place', () => {
    const problems = (section: object): string[] =>
      (schema.safeParse(section).error?.issues ?? []).map(
        ({ path, message }) => `${path.join('.')}: ${message}`,
      );
    assert.deepEqual(problems({ backend: 'bind9', hosts: true, cacheSize: 5, listen: ['10.0.0.1'] }), [
      'hosts: bind9 does not answer what stands in /etc/hosts; declare records of a zone',
      'cacheSize: only dnsmasq counts names; named keeps at most 64 MiB',
    ]);
    assert.deepEqual(problems({ internal: ['a.test'] }), [
      'internal: dnsmasq takes every zone that is forwarded for such',
    ]);
  });
});

describe('zones of a section, for bind9', () => {
  const records = (name: string, all: readonly Zone[]): string[] =>
    zonesOfBind9(all, undefined)
      .find((zone) => zone.name === name)!
      .records.map((one) => `${one.name} ${one.type} ${one.value}`);

  it('gives the longest reverse zone the names of the addresses in it, and none that is said already', () => {
    const all = zones(
      { name: 'Home.test', records: [a('web', '10.0.0.1'), a('@', '10.0.0.2'), a('*.apps', '10.0.0.3')] },
      {
        name: 'other.test',
        records: [a('web', '10.0.0.1'), a('far', '10.9.9.9'), a('x.other.test.', '10.0.0.5')],
      },
      { name: 'six.test', records: [a('v6', 'FD00:0::1'), a('away', '192.0.2.1'), a('nine', '10.0.0.9')] },
      { name: '10.in-addr.arpa' },
      {
        name: '0.0.10.in-addr.arpa',
        records: [{ name: '10.0.0.9', type: 'PTR', value: 'router.home.test' }],
      },
      { name: `${'0.'.repeat(14)}d.f.ip6.arpa` },
    );
    assert.deepEqual(records('0.0.10.in-addr.arpa', all), [
      '10.0.0.9 PTR router.home.test',
      '1.0.0.10.in-addr.arpa. PTR web.home.test.',
      '2.0.0.10.in-addr.arpa. PTR home.test.',
      '5.0.0.10.in-addr.arpa. PTR x.other.test.',
    ]);
    assert.deepEqual(records('10.in-addr.arpa', all), ['9.9.9.10.in-addr.arpa. PTR far.other.test.']);
    assert.deepEqual(records(`${'0.'.repeat(14)}d.f.ip6.arpa`, all), [
      `1.${'0.'.repeat(29)}d.f.ip6.arpa. PTR v6.six.test.`,
    ]);
  });

  it('takes nothing of zones that go, and puts nothing into them or into those of others', () => {
    const all = zones(
      { name: 'old.test', ensure: 'absent', records: [a('web', '10.0.0.1')] },
      { name: 'new.test', records: [a('web', '10.1.0.1')] },
      { name: '0.0.10.in-addr.arpa' },
      { name: '0.1.10.in-addr.arpa', forwarders: ['10.1.0.1'] },
      { name: '1.10.in-addr.arpa', ensure: 'absent' },
    );
    for (const name of ['0.0.10.in-addr.arpa', '0.1.10.in-addr.arpa', '1.10.in-addr.arpa'])
      assert.deepEqual(records(name, all), [], name);
    assert.deepEqual(forwardedZones(all), ['0.1.10.in-addr.arpa']);
  });

  it('names the authority in zones that are answered with it', () => {
    const all = zones(
      { name: 'a.test', authoritative: true, records: [a('x', '10.0.0.1')] },
      { name: 'b.test', authoritative: true, nameServer: 'ns2.test', records: [a('x', '10.0.0.1')] },
      { name: 'c.test', records: [a('x', '10.0.0.1')] },
    );
    const servers = (authority?: string): unknown[] =>
      zonesOfBind9(all, authority).map(({ nameServer }) => nameServer);
    assert.deepEqual(servers('ns.test'), ['ns.test', 'ns2.test', undefined]);
    assert.deepEqual(servers(), [undefined, 'ns2.test', undefined]);
  });
});
