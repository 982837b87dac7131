import { strict as assert } from 'node:assert';
import type { Op } from '../../../src/engine/action.ts';
import unixGroup from '../../../src/resources/unix-group/index.ts';
import { FakeHost } from '../../support/fake-host.ts';

const want = (fields: object) => unixGroup.desired.parse(fields);

describe('UnixGroup', () => {
  it('accepts only names that groupadd takes and that cannot be an option', () => {
    for (const name of ['-rf', 'a b', 'Media', 'a:b', 'a\n', '', 'x'.repeat(33)])
      assert.equal(unixGroup.desired.safeParse({ name }).success, false, name);
  });

  it('is removed after the user of the same name, and needs nobody to be created', () => {
    assert.deepEqual(unixGroup.requires!(want({ name: 'alice', ensure: 'absent' })), ['UnixUser[alice]']);
    assert.deepEqual(unixGroup.requires!(want({ name: 'alice' })), []);
  });

  it('lists what an operator made, without the own groups of users', async () => {
    const host = new FakeHost({
      files: {
        '/etc/passwd': 'alice:x:1000:1000::/home/alice:/bin/bash\n',
        '/etc/group': 'sudo:x:27:\nalice:x:1000:\nmedia:x:2000:alice\nnogroup:x:65534:\n',
      },
    });
    assert.deepEqual(await unixGroup.list!(host), [{ name: 'media', gid: 2000 }]);
  });

  it('has nothing to do after its own ops', async () => {
    const host = new FakeHost({ files: { '/etc/group': 'media:x:2000:\n' } });
    const desired = want({ name: 'media', gid: 2000 });
    const reading = (await unixGroup.read(host, [desired])).get('media');
    assert.ok(reading?.is === 'present');
    const findings: readonly unknown[] = unixGroup.diff(desired, reading);
    assert.deepEqual(findings, [] satisfies Op[]);
  });
});
