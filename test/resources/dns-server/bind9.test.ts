import { strict as assert } from 'node:assert';
import dnsServer from '../../../src/resources/dns-server/index.ts';
import { render } from '../../../src/resources/dns-server/bind9/render.ts';
import { FakeHost } from '../../support/fake-host.ts';

const OPTIONS = '/etc/bind/named.conf.options';

describe('DnsServer by bind9, otherwise', () => {
  const all = {
    backend: 'bind9',
    listen: ['10.0.0.13', 'fd00::13'],
    upstream: ['9.9.9.9', '10.0.0.1#5353'],
    dnssec: true,
    rebindProtection: true,
    internal: ['corp.example.com', 'b.test'],
    authority: { name: 'localhost', listen: ['10.0.0.14'] },
  };
  const protectedOnly = { backend: 'bind9', rebindProtection: true, internal: ['b.test'] };

  for (const entry of [{ backend: 'bind9' }, protectedOnly, all])
    it(`lists what it has written: ${JSON.stringify(entry)}`, async () => {
      const { options } = render(dnsServer.desired.parse(entry));
      assert.deepEqual(await dnsServer.list!(new FakeHost({ files: { [OPTIONS]: options } })), [entry]);
    });

  it('lists nothing where the file is of others', async () => {
    const host = new FakeHost({ files: { [OPTIONS]: 'options { directory "/var/cache/bind"; };\n' } });
    assert.deepEqual(await dnsServer.list!(host), []);
  });

  it('refuses what only dnsmasq has, and the other way round', () => {
    const problems = (entry: object): string[] =>
      (dnsServer.desired.safeParse(entry).error?.issues ?? []).map(({ path }) => path.join('.'));
    assert.deepEqual(problems({ backend: 'bind9', hosts: true, cacheSize: 0, localTtl: 5 }), [
      'hosts',
      'cacheSize',
      'localTtl',
    ]);
    assert.deepEqual(problems({ backend: 'bind9', internal: ['a.test'] }), []);
    assert.deepEqual(problems({ internal: ['a.test'] }), ['internal']);
  });

  it('is another server than dnsmasq', () => {
    assert.equal(dnsServer.key(dnsServer.desired.parse({ backend: 'bind9' })), 'bind9');
    assert.equal(dnsServer.key(dnsServer.desired.parse({})), 'dnsmasq');
  });
});
