import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import file from '../../../src/resources/file/index.ts';
import { dpkgPackages } from '../../../src/facts/dpkg.ts';
import { FakeHost } from '../../support/fake-host.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** As dpkg-query prints a package with conffiles. */
const DPKG = [
  'a\tall\tii \t1\t',
  ` /etc/same ${md5('shipped\n')}`,
  ` /etc/changed ${md5('shipped\n')}`,
  ` /etc/private ${md5('shipped\n')}`,
  ` /etc/binary ${md5('shipped\n')}`,
  ` /etc/gone ${md5('shipped\n')}`,
  ` /etc/link ${md5('shipped\n')}`,
  'removed\tall\trc \t1\t',
  ` /etc/leftover ${md5('shipped\n')}`,
  '',
].join('\n');

describe('File, listed', () => {
  it('has the configuration files of packages that were changed, as far as everybody may read them', async () => {
    const { program, args } = dpkgPackages.command;
    const host = new FakeHost({
      commands: { [[program, ...args].join(' ')]: DPKG },
      files: {
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
        '/etc/group': 'root:x:0:\nadm:x:4:\n',
        '/etc/same': 'shipped\n',
        '/etc/changed': { content: 'ours\n', mode: '0664', gid: 4 },
        '/etc/private': { content: 'secret\n', mode: '0640' },
        '/etc/binary': { content: '\0\n', mode: '0644' },
        '/etc/link': { type: 'symlink', target: '/etc/changed' },
        '/etc/leftover': { content: 'ours\n', mode: '0644' },
      },
    });
    assert.deepEqual(await file.list?.(host), [
      { path: '/etc/changed', owner: 'root', group: 'adm', mode: '0664', content: 'ours\n' },
    ]);
  });

  it('has nothing where there is no dpkg', async () => {
    assert.deepEqual(await file.list?.(new FakeHost()), []);
  });
});
