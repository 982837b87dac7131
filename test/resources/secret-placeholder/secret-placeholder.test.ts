import { strict as assert } from 'node:assert';
import secretPlaceholder from '../../../src/resources/secret-placeholder/index.ts';
import { FakeHost } from '../../support/fake-host.ts';

describe('SecretPlaceholder', () => {
  it('is not taken back once it has its secret', async () => {
    const host = new FakeHost({ files: { '/srv/a': 's3cret\n' } });
    await assert.rejects(async () => {
      await secretPlaceholder.converge({ op: 'remove', path: '/srv/a' }, host);
    }, /^Error: \/srv\/a has its secret by now, and is not removed; remove it by hand$/);
    assert.deepEqual(host.calls, []);
  });

  it('takes no mode that gives anything to others', () => {
    for (const mode of ['0604', '0601', '777'])
      assert.equal(
        secretPlaceholder.desired.safeParse({ path: '/srv/a', purpose: 'p', mode }).success,
        false,
      );
    assert.equal(
      secretPlaceholder.desired.safeParse({ path: '/srv/a', purpose: 'p', mode: '0640' }).success,
      true,
    );
  });
});
