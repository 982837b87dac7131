import { strict as assert } from 'node:assert';
import { notifySchema } from '../../src/setup/notify-schema.ts';

const wrong = (section: object): string => notifySchema.safeParse(section).error?.issues[0]?.message ?? '';

describe('notify: of the manifest', () => {
  it('tells of everything unless it says of what', () => {
    assert.deepEqual(notifySchema.parse({})?.on, ['failure', 'drift', 'recovery']);
    assert.equal(notifySchema.parse(undefined), undefined);
  });

  it('takes an address in clear or by reference, and no password in it', () => {
    const ntfy = { url: 'https://ntfy.example.net/hosts', token: { file: '/etc/phoenix/secrets/ntfy' } };
    assert.deepEqual(notifySchema.parse({ ntfy })?.ntfy, ntfy);
    assert.equal(wrong({ webhook: { url: { credential: 'hook' } } }), '');
    assert.match(
      wrong({ webhook: { url: 'https://a:b@example.net/' } }),
      /no user and password in the address/,
    );
    for (const url of ['ftp://example.net/', 'example.net', 'file:///etc/shadow', ''])
      assert.notEqual(wrong({ webhook: { url } }), '', url);
    assert.notEqual(wrong({ ntfy: { url: 'https://x.net/y', token: 'in clear' } }), '');
  });

  it('writes metrics only where the collector looks for them', () => {
    assert.equal(wrong({ textfile: '/var/lib/prometheus/node-exporter/phoenix.prom' }), '');
    for (const textfile of ['phoenix.prom', '/etc/passwd', '/x\n.prom'])
      assert.match(wrong({ textfile }), /an absolute path that ends in \.prom/);
  });
});
