import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import directory from '../../../src/resources/directory/index.ts';
import type { Actual } from '../../../src/resources/directory/read.ts';

const bits = fc.constantFrom('---', 'r--', '-w-', '--x', 'rw-', 'r-x', '-wx', 'rwx');
const named = fc.uniqueArray(fc.constantFrom('user:alice', 'user:bob', 'group:media', 'mask:'));
const entries = fc
  .tuple(named, fc.array(bits, { minLength: 4, maxLength: 4 }))
  .map(([tags, permissions]) => tags.map((tag, index) => `${tag}:${permissions[index] ?? '---'}`));
const mode = fc.integer({ min: 0, max: 0o7777 }).map((value) => value.toString(8).padStart(4, '0'));
const there = (acl: Actual['acl'], found: string): Actual => ({
  type: 'directory',
  owner: 'root',
  group: 'root',
  mode: found,
  ...(acl && { acl }),
});

const permissionsOf = (access: readonly string[], tag: string): number => {
  const text = access.find((entry) => entry.startsWith(tag))?.slice(-3) ?? '---';
  return (text[0] === 'r' ? 4 : 0) + (text[1] === 'w' ? 2 : 0) + (text[2] === 'x' ? 1 : 0);
};

/** What the kernel shows after the ACL was set: the group bits are the mask where there is one. */
const statAfter = (access: readonly string[], special: string): string => {
  const group = access.some((entry) => entry.startsWith('mask:')) ? 'mask:' : 'group::';
  return `${special}${['user::', group, 'other:'].map((tag) => permissionsOf(access, tag)).join('')}`;
};

describe('Directory, beyond fixtures', () => {
  it('has nothing to do once mode and ACL were set, in whatever order they are written', () => {
    fc.assert(
      fc.property(entries, entries, mode, mode, (acl, defaultAcl, wanted, stands) => {
        const want = directory.desired.parse({ path: '/a', mode: wanted, acl, defaultAcl });
        const shuffled = directory.desired.parse({ ...want, acl: acl.toReversed() });
        const old = there({ access: ['group::r-x', 'other::r-x', 'user::rwx'], inherited: [] }, stands);
        let now = old;
        for (const finding of directory.diff(want, { is: 'present', value: old })) {
          assert.ok('does' in finding);
          const { does } = finding;
          if (does.op === 'set-meta') now = { ...now, mode: does.mode };
          if (does.op === 'set-acl')
            now = there(
              { access: does.access, inherited: does.inherited ?? [] },
              statAfter(does.access, now.mode.slice(0, 1)),
            );
        }
        assert.deepEqual(directory.diff(shuffled, { is: 'present', value: now }), []);
      }),
    );
  });

  it('rejects what cannot be meant', () => {
    const rejects = (fields: object): void => {
      assert.equal(directory.desired.safeParse({ path: '/srv/a', ...fields }).success, false);
    };
    rejects({ path: '/' });
    rejects({ path: '/srv', ensure: 'absent', removeContent: true });
    rejects({ requireMountpoint: '/tank' });
    rejects({ requireMountpoint: '/srv/a/b' });
    rejects({ acl: ['user:alice:rwx', 'user:alice:r-x'] });
    rejects({ acl: ['other::rwx'] });
    rejects({ acl: ['user:-x:rwx'] });
    rejects({ acl: ['user:alice:7'] });
  });

  it('waits for parents, datasets and every account that it names', () => {
    const want = directory.desired.parse({
      path: '/tank/a',
      owner: 'alice',
      acl: ['group:media:r-x', 'mask::rwx'],
    });
    assert.deepEqual(directory.requires?.(want), [
      'Directory[/tank]',
      'Symlink[/tank]',
      'ZfsDataset[tank/a]',
      'ZfsDataset[tank]',
      'ZfsPool[tank]',
      'UnixUser[alice]',
      'UnixGroup[root]',
      'UnixGroup[media]',
    ]);
    assert.deepEqual(directory.owns?.(want), ['path:/tank/a']);
  });
});
