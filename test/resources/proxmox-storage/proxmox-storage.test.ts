import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import storage from '../../../src/resources/proxmox-storage/index.ts';
import { liveValue, wantedOf } from '../../../src/resources/proxmox-storage/properties.ts';
import { parseSections, type Section } from '../../../src/resources/proxmox-storage/section-config.ts';
import { FakeHost } from '../../support/fake-host.ts';

const problems = (entry: object): string[] => {
  const { error } = storage.desired.safeParse(entry);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
};

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
const value = fc.stringMatching(/^[^\s#]([^\n\r\0]{0,20}[^\s])?$/).filter((text) => text === text.trim());
const section = fc.record(
  {
    type: word,
    id: word,
    properties: fc
      .array(fc.tuple(word, value), { maxLength: 5 })
      .map((pairs): Record<string, string> => Object.fromEntries(pairs)),
  },
  { noNullPrototype: true },
);

/** As Proxmox VE writes it. */
const written = (all: readonly Section[]): string =>
  all
    .map(
      ({ type, id, properties }) =>
        `${type}: ${id}\n${Object.entries(properties)
          .map(([key, text]) => `\t${key} ${text}\n`)
          .join('')}\n`,
    )
    .join('');

const shuffled = (list: readonly string[]) => fc.shuffledSubarray([...list], { minLength: list.length });

describe('ProxmoxStorage, otherwise', () => {
  it('reads every section that Proxmox VE writes, whatever is in it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(section, { selector: ({ id }) => id, maxLength: 5 }), (all) => {
        assert.deepEqual([...parseSections(written(all)).values()], all);
      }),
    );
  });

  it('reads no name from another that begins like it, and comments nowhere', () => {
    const text =
      '# a: b\ndir: shared-prod-data-sync\n\tpath /x\n# path /y\n \n\tdisable\n\ndir: x\n\n\tpath /z\n';
    const found = parseSections(text);
    assert.deepEqual([...found.keys()], ['shared-prod-data-sync', 'x']);
    assert.deepEqual(found.get('shared-prod-data-sync')?.properties, { path: '/x', disable: '1' });
    assert.deepEqual(found.get('x')?.properties, {});
  });

  it('takes names in the case in which they are written, and no key in another one', () => {
    const want = { id: 'quickOS', type: 'zfspool', pool: 'quickOS/vm' };
    const parsed = storage.desired.parse(want);
    assert.equal(storage.key(parsed), 'quickOS');
    assert.equal(wantedOf(parsed, 'zfspool').get('pool'), 'quickOS/vm');
    assert.equal(parseSections('zfspool: quickos\n\tpool tank\n').get(parsed.id), undefined);
    assert.deepEqual(problems({ ...want, Content: ['images'] }), [': Unrecognized key: "Content"']);
  });

  it('finds the last of thousands', () => {
    const all = Array.from({ length: 3000 }, (_, index) => ({
      type: 'dir',
      id: `s-${index}`,
      properties: { path: `/x${index}` },
    }));
    assert.deepEqual([...parseSections(written(all)).values()], all);
  });

  it('compares sets as sets, and flags by their meaning', () => {
    const content = ['images', 'rootdir', 'iso', 'backup'];
    fc.assert(
      fc.property(
        shuffled(content),
        shuffled(content),
        fc.constantFrom(',', ', ', ';', ' '),
        fc.constantFrom('1', 'yes', 'On', 'TRUE'),
        fc.constantFrom('0', 'no', 'Off', 'FALSE'),
        (wanted, live, separator, on, off) => {
          const want = storage.desired.parse({
            id: 'ab',
            type: 'dir',
            path: '/x',
            content: wanted,
            nodes: ['b', 'a'],
          });
          const properties = {
            path: '/x',
            content: live.join(separator),
            nodes: 'a,b',
            disable: off,
            is_mountpoint: on,
          };
          const one = { type: 'dir', id: 'ab', properties };
          for (const [key, text] of wantedOf(want, 'dir')) assert.equal(liveValue(one, key), text, key);
          assert.deepEqual(
            storage.diff(want, {
              is: 'present',
              value: { isProxmox: true, section: one, password: 'undeclared', users: [] },
            }),
            [],
          );
        },
      ),
    );
  });

  it('says what a type needs, has not, and cannot hold', () => {
    assert.deepEqual(problems({ id: 'ab' }), ['type: expected a `type`']);
    assert.deepEqual(problems({ id: 'ab', type: 'zfspool', path: '/x', content: ['iso', 'images'] }), [
      'pool: expected a `pool`: a storage of type zfspool needs one',
      'path: a storage of type zfspool has no `path`',
      'content: a storage of type zfspool cannot hold iso: only images, rootdir',
    ]);
    assert.deepEqual(problems({ id: 'ab', type: 'dir', path: '/x', content: ['none', 'iso'] }), [
      'content: `none` goes with no other content',
    ]);
    assert.match(
      problems({ id: 'ab', type: 'dir', path: '/x', shared: true })[0]!,
      /^shared: .*not shared by saying so/,
    );
    assert.match(
      problems({ id: 'ab', type: 'dir', path: '/x', isMountpoint: '/y' })[0]!,
      /^isMountpoint: expected/,
    );
    assert.match(
      problems({ id: 'ab', type: 'cifs', server: 's', share: 'x', password: { file: '/s' } })[0]!,
      /^password: a password belongs to a `username`/,
    );
    for (const pruneBackups of [{}, { keepLast: 0 }, { keepAll: true, keepLast: 1 }])
      assert.equal(problems({ id: 'ab', type: 'dir', path: '/x', pruneBackups }).length, 1);
  });

  it('takes no name and no value that would be an option, or further mount options', () => {
    const cifs = { id: 'ab', type: 'cifs', server: 's', share: 'x', username: 'u' };
    for (const wrong of [
      { id: '--help' },
      { id: 'a' },
      { id: 'a/b' },
      { server: '-x' },
      { share: '-x' },
      { share: 'x,uid=0' },
      { username: 'u,uid=0' },
      { domain: 'd,suid' },
      { options: '-o' },
      { options: 'a b' },
      { path: '/x;id' },
      { nodes: ['--all'] },
    ])
      assert.equal(problems({ ...cifs, ...wrong }).length, 1, JSON.stringify(wrong));
    assert.deepEqual(problems(cifs), []);
  });

  it('waits for the pool, the dataset and the directory that it is on', () => {
    const requires = (entry: object) => storage.requires!(storage.desired.parse(entry));
    assert.deepEqual(requires({ id: 'ab', type: 'zfspool', pool: 'tank' }), ['ZfsPool[tank]']);
    assert.deepEqual(requires({ id: 'ab', type: 'zfspool', pool: 'tank/a/b' }), [
      'ZfsPool[tank]',
      'ZfsDataset[tank/a/b]',
    ]);
    assert.deepEqual(requires({ id: 'ab', type: 'dir', path: '/tank/b' }), [
      'Directory[/tank/b]',
      'Directory[/tank]',
      'Symlink[/tank]',
      'ZfsPool[tank]',
      'ZfsDataset[tank/b]',
    ]);
    assert.deepEqual(requires({ id: 'ab', type: 'lvmthin', vgname: 'vg', thinpool: 'thin' }), []);
    assert.deepEqual(requires({ id: 'ab', ensure: 'absent' }), []);
  });

  it('knows nothing while the cluster filesystem is down', async () => {
    const host = new FakeHost({ files: { '/usr/sbin/pvesm': '' } });
    await assert.rejects(async () => storage.read(host, []), /\/etc\/pve is not mounted/);
  });

  it('lists what it could manage, as the manifest has it', async () => {
    const text =
      'zfspool: vmdata\n\tpool tank\n\tcontent rootdir,images\n\tsparse 1\n\tdisable\n\nnfs: nas\n\tserver s\n\texport /x\n\tnodes a\n\npbs: pbs\n\tserver s\n\ndir: bk\n\tpath /b\n\tis_mountpoint /b\n\n';
    const host = new FakeHost({
      files: { '/usr/sbin/pvesm': '', '/etc/pve/.version': '', '/etc/pve/storage.cfg': text },
    });
    const entries = await storage.list!(host);
    assert.deepEqual(entries, [
      {
        id: 'vmdata',
        type: 'zfspool',
        pool: 'tank',
        content: ['images', 'rootdir'],
        disable: true,
        sparse: true,
      },
      {
        id: 'nas',
        type: 'nfs',
        server: 's',
        export: '/x',
        path: '/mnt/pve/nas',
        content: ['images'],
        nodes: ['a'],
      },
      { id: 'bk', type: 'dir', path: '/b', content: ['images', 'rootdir'], isMountpoint: '/b' },
      {
        id: 'local',
        type: 'dir',
        path: '/var/lib/vz',
        content: ['backup', 'images', 'iso', 'rootdir', 'snippets', 'vztmpl'],
        isMountpoint: false,
      },
    ]);
    const wanted = entries.map((one) => storage.desired.parse(one));
    const readings = await storage.read(host, wanted);
    for (const want of wanted) {
      const reading = readings.get(want.id)!;
      assert.ok(reading.is === 'present');
      assert.deepEqual(
        storage.diff(want, reading).filter((one) => !('remarks' in one)),
        [],
      );
    }
    assert.deepEqual(await storage.list!(new FakeHost()), []);
  });
});
