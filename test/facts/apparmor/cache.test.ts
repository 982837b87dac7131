import { strict as assert } from 'node:assert';
import { KeptPolicies } from '../../../src/facts/apparmor/cache.ts';
import { FakeHost, type FakeNode } from '../../support/fake-host.ts';

const KEPT = '/var/cache/apparmor/f.0/a';
const BYTES =
  '\x04\x08\0version\0\x02\x05\0\0\0\x04\x08\0profile\0\x07\x05\x02\0a\0\x04\x06\0flags\0\x07\x02\0\0\0\0';
const PATHS = ['/etc/apparmor.d/a', '/etc/apparmor.d/tunables/home.d', '/etc/apparmor.d/tunables/home.d/x'];

/** All of a host that was set up at 10, and compiled at 20. */
const files: Record<string, FakeNode> = {
  [KEPT]: { content: BYTES, modified: 10, changed: 20 },
  '/etc/apparmor.d/a': { changed: 10 },
  '/etc/apparmor.d/abi/4.0': { changed: 10 },
  '/etc/apparmor.d/tunables': { type: 'directory', changed: 10 },
  '/etc/apparmor.d/tunables/home.d': { type: 'directory', changed: 10 },
  '/etc/apparmor.d/tunables/home.d/x': { target: '../../../x', changed: 10 },
  '/etc/x': { changed: 10 },
  '/etc/apparmor': { type: 'directory', changed: 10 },
  '/etc/apparmor/parser.conf': { changed: 10 },
  '/sbin/apparmor_parser': { changed: 10 },
};

const namesWith = (changes: Record<string, FakeNode | undefined> = {}, paths = PATHS) => {
  const all = Object.entries({ ...files, ...changes }).filter(([, node]) => node !== undefined);
  const host = new FakeHost({ files: Object.fromEntries(all) as Record<string, FakeNode> });
  return new KeptPolicies(host, '/var/cache/apparmor/f.0').of({ name: 'a', paths })?.map(({ name }) => name);
};

describe("what AppArmor's parser has kept", () => {
  it('counts where it was kept after all that it is made of was last touched', () => {
    assert.deepEqual(namesWith(), ['a']);
    // Of what is included if it exists, the folder tells.
    assert.deepEqual(namesWith({}, [...PATHS, '/etc/apparmor.d/tunables/none.d/x']), ['a']);
  });

  for (const path of Object.keys(files).filter((one) => one !== KEPT && one !== '/etc/apparmor'))
    it(`does not when this was touched since, or in the same moment: ${path}`, () => {
      const paths = [...PATHS, '/etc/apparmor.d/tunables/none.d'];
      for (const changed of [20, 30])
        assert.equal(namesWith({ [path]: { ...files[path], modified: 1, changed } }, paths), undefined);
    });

  it('does not when a file that may be gone was in a folder that was touched since', () => {
    assert.equal(
      namesWith({
        '/etc/apparmor/parser.conf': undefined,
        '/etc/apparmor': { type: 'directory', changed: 30 },
      }),
      undefined,
    );
  });

  it('is nothing where nothing is kept, and for what is forced to complain', () => {
    assert.equal(namesWith({ [KEPT]: undefined }), undefined);
    assert.equal(namesWith({ [KEPT]: { type: 'directory' } }), undefined);
    assert.equal(namesWith({ '/etc/apparmor.d/force-complain/a': { target: '../a' } }), undefined);
  });
});
