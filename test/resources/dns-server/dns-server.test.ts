import { strict as assert } from 'node:assert';
import dnsServer from '../../../src/resources/dns-server/index.ts';
import { render } from '../../../src/resources/dns-server/dnsmasq/render.ts';
import { FakeHost } from '../../support/fake-host.ts';

const FILE = '/etc/dnsmasq.d/phoenix-server.conf';

describe('DnsServer, otherwise', () => {
  const all = {
    listen: ['10.0.0.13'],
    upstream: ['9.9.9.9', '10.0.0.1#5353'],
    dnssec: true,
    rebindProtection: true,
    hosts: true,
    cacheSize: 0,
    localTtl: 30,
    authority: { name: 'ns.example.net', listen: ['10.0.0.14'] },
  };

  for (const entry of [{}, all])
    it(`lists what it has written: ${JSON.stringify(entry)}`, async () => {
      const host = new FakeHost({ files: { [FILE]: render(dnsServer.desired.parse(entry)) } });
      assert.deepEqual(await dnsServer.list!(host), [entry]);
    });

  it('lists nothing where it has written nothing, or somebody else what it would not', async () => {
    assert.deepEqual(await dnsServer.list!(new FakeHost({ files: { '/etc/x': '' } })), []);
    assert.deepEqual(
      await dnsServer.list!(new FakeHost({ files: { [FILE]: 'listen-address=nowhere\n' } })),
      [],
    );
  });
});
