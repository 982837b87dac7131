import { strict as assert } from 'node:assert';
import { conffilesOf, dpkgPackages } from '../../src/facts/dpkg.ts';

const parse = (stdout: string) => dpkgPackages.parse(stdout, { code: 0, stdout, stderr: '' });

describe('dpkg', () => {
  it('refuses output that it does not know', () => {
    assert.throws(() => parse('chrony ii 4.3\n'), /not the line that was asked for/);
    assert.throws(() => parse('chrony\tamd64\tix \t4.3\t\n'), /unknown package state "ix "/);
  });

  it('takes conffiles apart, with the marks that dpkg adds', () => {
    const md5 = 'd41d8cd98f00b204e9800998ecf8427e';
    const known = parse(
      `a\tall\tii \t1\t /etc/a b ${md5}\n /etc/b ${md5} obsolete\n /etc/c ${md5} remove-on-upgrade\n /etc/d newconffile\n`,
    )?.get('a');
    assert.ok(known);
    assert.deepEqual(conffilesOf(known), [
      { path: '/etc/a b', md5 },
      { path: '/etc/b', md5 },
      { path: '/etc/c', md5 },
      { path: '/etc/d' },
    ]);
    assert.throws(() => conffilesOf({ ...known, conffileLines: [' /etc/x'] }), /not a conffile line/);
  });

  it('keeps packages of other architectures apart', () => {
    const packages = parse(
      'dpkg\tamd64\tii \t1\t\nlibc6\tamd64\tii \t2\t\nlibc6\ti386\tii \t3\t\nadduser\tall\tii \t4\t\n',
    );
    assert.deepEqual([...(packages?.keys() ?? [])], ['dpkg', 'libc6', 'libc6:i386', 'adduser']);
  });

  it('takes every package for native where dpkg itself is not listed', () => {
    assert.deepEqual([...(parse('libc6\ti386\tii \t3\t\n')?.keys() ?? [])], ['libc6']);
  });
});
