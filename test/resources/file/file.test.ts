import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { isAction } from '../../../src/engine/action.ts';
import { unknown, type Known } from '../../../src/engine/reading.ts';
import file from '../../../src/resources/file/index.ts';
import type { Actual } from '../../../src/resources/file/read.ts';
import type { Desired } from '../../../src/resources/file/schema.ts';
import { FakeHost } from '../../support/fake-host.ts';

const readingOf = async (host: FakeHost, want: Desired): Promise<Known<Actual>> => {
  const reading = (await file.read(host, [want])).get(want.path) ?? unknown('not read');
  if (reading.is === 'unknown') throw new Error(reason(reading));
  return reading;
};
const reason = (reading: { readonly reason: string }): string => reading.reason;

describe('File, beyond fixtures', () => {
  it('has nothing to do after it has converged, whatever stood there', async () => {
    const mode = fc.constantFrom('0600', '0644', '640', '2755');
    const one = fc.record({ content: fc.string({ unit: 'binary' }), mode });
    await fc.assert(
      fc.asyncProperty(one, fc.option(one), async (wanted, stands) => {
        const host = new FakeHost(stands === null ? {} : { files: { '/a': stands } });
        const want = file.desired.parse({ path: '/a', owner: '0', group: '0', ...wanted });
        for (const finding of file.diff(want, await readingOf(host, want)))
          if ('does' in finding) await file.converge(finding.does, host);
        assert.deepEqual(file.diff(want, await readingOf(host, want)), []);
      }),
    );
  });

  it('takes the content of its source in when the manifest is compiled', () => {
    const payload = {
      text: (path: string): string => `content of ${path}`,
      shipped: (path: string): string => path,
    };
    const want = file.desired.parse({ path: '/a', source: 'files/a' });
    const resolved = { ...want, source: undefined, content: 'content of files/a' };
    assert.deepEqual({ source: undefined, ...file.resolve?.(want, payload) }, resolved);
    const inline = file.desired.parse({ path: '/a', content: 'x' });
    assert.deepEqual(file.resolve?.(inline, payload), inline);
  });

  it('accepts one content only, and something to manage', () => {
    const rejects = (fields: object): void => {
      assert.equal(file.desired.safeParse({ path: '/a', ...fields }).success, false);
    };
    rejects({});
    rejects({ content: 'x', source: 'y' });
    rejects({ content: 'x', mode: '0888' });
    rejects({ content: 'x', mode: 640 });
    rejects({ content: 'x', owner: '-R' });
    rejects({ source: '/etc/shadow' });
  });

  it('leaves /etc/pve, /proc and /sys to others, and says to whom', () => {
    const result = file.desired.safeParse({ path: '/etc/pve/storage.cfg', content: 'x' });
    assert.match(String(result.error?.issues[0]?.message), /Proxmox kinds/);
    assert.equal(file.desired.safeParse({ path: '/proc/sys/vm/swappiness', content: '1' }).success, false);
    assert.equal(file.desired.safeParse({ path: '/etc/pvefoo', content: 'x' }).success, true);
  });

  it('shows a long text in brief', () => {
    const want = file.desired.parse({ path: '/a', content: 'x'.repeat(300_000) });
    const [finding] = file.diff(want, { is: 'absent' }).filter(isAction);
    assert.match(String(finding?.changes[0]?.to), /^300000 bytes, sha256 [0-9a-f]{12}$/);
  });

  it('names a file that goes away while it is read', async () => {
    const host = new FakeHost({ files: { '/a': 'x' } });
    host.readFile = () => undefined;
    const want = file.desired.parse({ path: '/a', ensure: 'absent' });
    await assert.rejects(readingOf(host, want), /was there and is gone/);
  });

  it('waits for the directories above, and for its owner', () => {
    const want = file.desired.parse({ path: '/a/b', content: 'x', owner: 'alice' });
    assert.deepEqual(file.requires?.(want), [
      'Directory[/a]',
      'Symlink[/a]',
      'UnixUser[alice]',
      'UnixGroup[root]',
    ]);
    assert.deepEqual(file.owns?.(want), ['path:/a/b']);
  });
});
