import { strict as assert } from 'node:assert';
import { attachmentsIn, globToRegExp } from '../../../src/resources/app-armor-profile/attachment.ts';
import type from '../../../src/resources/app-armor-profile/index.ts';

const matches = (glob: string, path: string): boolean => globToRegExp(glob)?.test(path) ?? false;

describe('AppArmorProfile', () => {
  it('knows the globs of apparmor.d(5)', () => {
    assert.equal(matches('/usr/{,local/}bin/pro?', '/usr/local/bin/prog'), true);
    assert.equal(matches('/usr/{,local/}bin/pro?', '/usr/bin/pro/'), false);
    assert.equal(matches('/opt/*/x', '/opt/a/b/x'), false);
    assert.equal(matches('/opt/**/x', '/opt/a/b/x'), true);
    assert.equal(matches('/opt/[ab]/x,y', '/opt/a/x,y'), true);
    assert.equal(matches('/opt/a.b', '/opt/aXb'), false);
    assert.equal(matches('/opt/\\*', '/opt/*'), true);
    assert.equal(globToRegExp('@{bin}/x'), undefined);
    assert.equal(globToRegExp('/x/{a'), undefined);
  });

  it('reads from the head what a profile attaches to', () => {
    const text = [
      '# profile no /no {',
      'profile named /usr/bin/{a,b} flags=(complain, attach_disconnected) {',
      '  profile child /usr/bin/child {',
      '  }',
      '  /etc/{x,y} r,',
      '}',
      '/usr/bin/plain (complain) { # comment',
      '}',
      'profile "with blank" "/opt/a b" xattrs=(user.x="y") { }',
      'profile /usr/bin/path {}',
      'profile nothing {',
      '}',
    ].join('\n');
    const names = ['named', '/usr/bin/plain', 'with blank', '/usr/bin/path', 'nothing', 'no'];
    const found = attachmentsIn(text, names);
    assert.deepEqual([...found.keys()], ['named', '/usr/bin/plain', 'with blank', '/usr/bin/path']);
    assert.equal(found.get('named')?.test('/usr/bin/b'), true);
    assert.equal(found.get('with blank')?.test('/opt/a b'), true);
  });

  it('takes its content from the manifest’s side, or from what comes with phoenix', () => {
    const payload = {
      text: (path: string) => `text of ${path}`,
      shipped: (path: string) => `shipped ${path}`,
    };
    const resolved = (fields: object) =>
      type.resolve?.(type.desired.parse({ name: 'p', ...fields }), payload).content;
    assert.equal(resolved({ source: 'a/b' }), 'text of a/b');
    assert.equal(resolved({ shipped: 'lxc-phoenix-nesting' }), 'shipped apparmor/lxc-phoenix-nesting');
    assert.equal(resolved({ content: 'x' }), 'x');
  });

  it('takes no name that the boot would pass over, and only one content', () => {
    const isFine = (fields: object): boolean => type.desired.safeParse(fields).success;
    assert.equal(isFine({ name: 'usr.sbin.x' }), true);
    for (const name of ['../x', '-x', '.x', 'a/b', 'x.dpkg-old', 'x~', 'tunables', 'lxc'])
      assert.equal(isFine({ name }), false, name);
    assert.equal(isFine({ name: 'x', content: 'a', source: 'b' }), false);
  });
});
