import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { isSameType } from '../../../src/resources/zfs-pool/compare-layout.ts';
import zfsPool from '../../../src/resources/zfs-pool/index.ts';
import { desired } from '../../../src/resources/zfs-pool/schema.ts';
import { FakeHost } from '../../support/fake-host.ts';

const disk = (name: string): string => `/dev/disk/by-id/${name}`;
const messagesOf = (pool: object): string[] =>
  desired.safeParse({ name: 'tank', ...pool }).error?.issues.map(({ message }) => message) ?? [];

describe('ZfsPool, beyond fixtures', () => {
  it('refuses layouts that nobody can mean', () => {
    const [a, b] = [disk('a'), disk('b')];
    const cases: readonly (readonly [object, RegExp])[] = [
      [{ layout: 'mirror', disks: [a] }, /at least 2 disks for mirror/],
      [{ vdevs: [{ type: 'raidz3', disks: [a, b] }] }, /expected at least 4 disks for raidz3/],
      [{ layout: 'mirror', disks: [a, a] }, /by-id\/a is named twice/],
      [{ layout: 'mirror', disks: ['/dev/sda', b] }, /expected a name that stays/],
      [{ layout: 'mirror', disks: [disk('../sda'), b] }, /expected a name that stays/],
      [{ layout: 'raid5', disks: [a, b] }, /Invalid option|expected/],
      [{}, /expected either `vdevs`, or `layout` and `disks`/],
      [{ layout: 'mirror' }, /expected either/],
      [
        {
          vdevs: [
            { type: 'stripe', disks: [a] },
            { type: 'mirror', disks: [b, disk('c')] },
          ],
        },
        /vdevs of one type/,
      ],
      [
        { layout: 'mirror', disks: [a, b], special: [{ type: 'stripe', disks: [disk('c')] }] },
        /expected mirrors for special/,
      ],
      [{ vdevs: [{ type: 'mirror', disks: [a, b], data: 1 }] }, /belong to draid/],
      [{ layout: 'mirror', disks: [a, b], properties: { altroot: '/mnt' } }, /./],
    ];
    for (const [pool, expected] of cases) assert.match(messagesOf(pool).join('\n'), expected);
    for (const name of ['mirror', 'raidz2', 'log', 'c0t0', '-f', '1tank', 'a/b', 'tank '])
      assert.equal(desired.safeParse({ name, layout: 'stripe', disks: [a] }).success, false, name);
    assert.deepEqual(messagesOf({ layout: 'mirror', disks: [a, b] }), []);
  });

  it('has no other key that could stand for --wipe-disks', () => {
    const text = JSON.stringify(Object.keys(desired.shape));
    assert.doesNotMatch(text, /force|wipe|destr/i);
  });

  it('takes a pool for the same in whatever order its vdevs and disks are shown', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(names, fc.infiniteStream(fc.nat()), (all, random) => {
        const even = all.slice(0, all.length - (all.length % 2));
        const pairs = even.flatMap((one, index) => (index % 2 === 0 ? [[one, even[index + 1]!]] : []));
        const shuffled = <T>(list: readonly T[]): T[] =>
          list
            .map((one) => ({ one, key: random.next().value as number }))
            .sort((x, y) => x.key - y.key)
            .map(({ one }) => one);
        const want = desired.parse({
          name: 'tank',
          vdevs: pairs.map((pair) => ({ type: 'mirror', disks: pair.map(disk) })),
        });
        const data = shuffled(pairs).map((pair) => ({
          type: 'mirror',
          state: 'ONLINE',
          leaves: shuffled(pair).map((name) => ({ path: `${disk(name)}-part1`, state: 'ONLINE' })),
        }));
        const config = { data, special: [], dedup: [], log: [], cache: [], spares: [] };
        const pool = { name: 'tank', state: 'ONLINE', config, properties: {} };
        const value = { pool, importable: [], places: {}, candidates: [] };
        assert.deepEqual(zfsPool.diff(want, { is: 'present', value }), []);
        const without = { ...value, pool: { ...pool, config: { ...config, data: data.slice(1) } } };
        assert.notDeepEqual(zfsPool.diff(want, { is: 'present', value: without }), []);
      }),
    );
  });

  it('tells draid layouts apart by what the manifest says of them', () => {
    assert.equal(isSameType('draid1:4c:0s', 'draid1:3d:4c:0s'), true);
    assert.equal(isSameType('draid1:2d:4c:1s', 'draid1:2d:4c:1s'), true);
    assert.equal(isSameType('draid1:2d:4c:1s', 'draid1:2d:4c:0s'), false);
    assert.equal(isSameType('draid2:4c:0s', 'draid1:4c:0s'), false);
  });

  it('is unknown, never absent, when zpool fails', async () => {
    const host = new FakeHost({
      commands: { 'zpool status -P': { code: 1, stderr: 'The ZFS modules cannot be auto-loaded.' } },
    });
    const want = desired.parse({ name: 'tank', layout: 'stripe', disks: [disk('a')] });
    await assert.rejects(async () => await zfsPool.read(host, [want]), /cannot be auto-loaded/);
  });

  it('lists pools as entries of the manifest that are in sync with them', async () => {
    const leaf = (name: string): string => `${disk(name)}-part1 ONLINE 0 0 0`;
    const status = `  pool: tank\n state: ONLINE\nconfig:\n\n\ttank ONLINE 0 0 0\n\t  draid1:2d:4c:1s-0 ONLINE 0 0 0\n${['a', 'b', 'c', 'd'].map((name) => `\t    ${leaf(name)}\n`).join('')}\tlogs\n\t  ${leaf('e')}\n\tspecial\n\t  mirror-1 ONLINE\n\t    ${leaf('f')}\n\t    ${leaf('g')}\n\tcache\n\t  ${leaf('h')}\n\tspares\n\t  draid1-0-0 AVAIL\n\t  ${disk('i')}-part1 AVAIL\n\nerrors: No known data errors\n`;
    const host = new FakeHost({
      commands: { 'zpool status -P': status, 'zpool get -Hp -o name,property,value all': '' },
    });
    const [entry, ...rest] = (await zfsPool.list?.(host)) ?? [];
    assert.deepEqual(rest, []);
    const want = desired.parse(entry);
    const reading = (await zfsPool.read(host, [want])).get('tank');
    assert.ok(reading?.is === 'present');
    assert.deepEqual(zfsPool.diff(want, reading), []);
  });
});
