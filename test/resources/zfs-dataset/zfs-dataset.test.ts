import { strict as assert } from 'node:assert';
import zfsDataset from '../../../src/resources/zfs-dataset/index.ts';
import zfsVolume from '../../../src/resources/zfs-volume/index.ts';
import { FakeHost } from '../../support/fake-host.ts';

const GET = 'zfs get -Hp -t filesystem,volume -o name,property,value,source all';
const rows = (name: string, ...settings: [property: string, value: string, source: string][]): string =>
  settings.map(([property, value, source]) => `${name}\t${property}\t${value}\t${source}\n`).join('');
const host = (stdout: string): FakeHost =>
  new FakeHost({ commands: { [GET]: stdout, 'zpool list -Hp -o name,altroot': 'tank\t/alt\n' } });

const LIVE =
  rows(
    'tank',
    ['type', 'filesystem', '-'],
    ['canmount', 'on', 'default'],
    ['mountpoint', '/alt/srv', 'local'],
    ['mounted', 'no', '-'],
    ['quota', '1073741824', 'local'],
    ['atime', 'off', 'inherited from x'],
    ['version', '5', 'local'],
    ['org.x:y', 'hi', 'local'],
    ['org.x:z', 'a\nb', 'local'],
  ) +
  rows('tank/vm-100-disk-0', ['type', 'volume', '-'], ['volsize', '1024', 'local']) +
  rows('tank/subvol-101-disk-0', ['type', 'filesystem', '-']) +
  rows(
    'tank/v',
    ['type', 'volume', '-'],
    ['volsize', '104857600', 'local'],
    ['refreservation', '108789760', 'local'],
    ['compression', 'lz4', 'local'],
  );

const refusesManifest = (fields: object): string =>
  zfsDataset.desired
    .safeParse(fields)
    .error?.issues.map(({ message }) => message)
    .join('; ') ?? '';

describe('ZfsDataset and ZfsVolume, otherwise', () => {
  it('list what was set here, without alternate root and without guests', async () => {
    assert.deepEqual(await zfsDataset.list?.(host(LIVE)), [
      { name: 'tank', properties: { quota: '1G', mountpoint: '/srv', 'org.x:y': 'hi' }, mounted: false },
    ]);
    assert.deepEqual(await zfsVolume.list?.(host(LIVE)), [
      { name: 'tank/v', size: '100M', sparse: false, properties: { compression: 'lz4' } },
    ]);
  });

  it('list entries that are in sync', async () => {
    for (const type of [zfsDataset, zfsVolume])
      for (const entry of (await type.list?.(host(LIVE))) ?? []) {
        const want = type.desired.parse(entry);
        const reading = (await type.read(host(LIVE), [want])).get(type.key(want));
        assert.ok(reading && reading.is !== 'unknown');
        assert.deepEqual(type.diff(want as never, reading as never), []);
      }
  });

  it('cannot be read where zfs fails: that is not absent', async () => {
    const failing = new FakeHost({
      commands: { [GET]: { code: 1, stderr: 'The ZFS modules cannot be auto-loaded' } },
    });
    await assert.rejects(
      async () => zfsDataset.read(failing, [zfsDataset.desired.parse({ name: 'tank/a' })]),
      /cannot be auto-loaded/,
    );
  });

  it('ask for an alternate root only where a mountpoint differs', async () => {
    const wants = [{ name: 'tank', properties: { mountpoint: '/alt/srv', quota: '1G' } }];
    const found = new FakeHost({ commands: { [GET]: LIVE } });
    const readings = await zfsDataset.read(
      found,
      wants.map((one) => zfsDataset.desired.parse(one)),
    );
    assert.equal(readings.get('tank')?.is, 'present');
  });

  it('require pool and parent, but to be destroyed only the pool', () => {
    const refs = (fields: object) => zfsDataset.requires?.(zfsDataset.desired.parse(fields));
    assert.deepEqual(refs({ name: 'tank' }), ['ZfsPool[tank]']);
    assert.deepEqual(refs({ name: 'tank/a/b' }), ['ZfsPool[tank]', 'ZfsDataset[tank/a]']);
    assert.deepEqual(refs({ name: 'tank/a/b', ensure: 'absent' }), ['ZfsPool[tank]']);
  });

  it('refuse manifests that cannot hold', () => {
    const wrong: [object, RegExp][] = [
      [{ name: 'tank', ensure: 'absent' }, /goes only with its pool/],
      [{ name: 'tank/a', properties: { compresion: 'on' } }, /Unrecognized key/],
      [{ name: 'tank/a', properties: { 'X:y': '1' } }, /name of a user property/],
      [{ name: 'tank/a', properties: { 'x:y': 'a\nb' } }, /expected text on one line/],
      [{ name: 'tank/a', properties: { volsize: '1G' } }, /Unrecognized key/],
      [{ name: 'tank/a', properties: { quota: '1X' } }, /expected a size such as 10G/],
      [{ name: 'tank/a', inherit: ['quota'] }, /quota is never inherited/],
      [{ name: 'tank/a', inherit: ['nosuch'] }, /a property that can be inherited/],
      [{ name: 'tank/a', inherit: ['atime'], properties: { atime: 'on' } }, /not both/],
      [{ name: 'tank/a', mounted: true, properties: { mountpoint: 'legacy' } }, /cannot be mounted/],
      [{ name: 'tank/a', key: { file: '/k' } }, /a key needs `encryption`/],
      [
        { name: 'tank/a', key: { file: '/k' }, properties: { encryption: 'on', keyformat: 'raw' } },
        /hex or passphrase/,
      ],
      [
        {
          name: 'tank/a',
          key: { file: '/k' },
          properties: { encryption: 'on', keyformat: 'hex', keylocation: 'file:///k' },
        },
        /either from `key` or from keylocation/,
      ],
      [
        { name: 'tank/a', properties: { encryption: 'on', keyformat: 'raw' } },
        /expected a `key`, or a keylocation/,
      ],
    ];
    for (const [fields, message] of wrong)
      assert.match(refusesManifest(fields), message, JSON.stringify(fields));
    assert.equal(
      refusesManifest({
        name: 'tank/a',
        properties: { encryption: 'on', keyformat: 'raw', keylocation: 'file:///k' },
      }),
      '',
    );
  });
});
