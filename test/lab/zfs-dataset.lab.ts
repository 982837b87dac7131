import { strict as assert } from 'node:assert';
import { dataset, ENCRYPTED, HEX, KEY, manifest, mounted, value } from './datasets.ts';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const ALL = [
  dataset('name: tank, properties: { xattr: sa, acltype: posixacl }'),
  dataset(
    'name: tank/a, inherit: [relatime, "org.x:gone"], properties: { compression: zstd-3, quota: 1.4G, refquota: 800M, ' +
      'reservation: 10M, recordsize: 1M, mountpoint: /srv/a, atime: false, copies: 2, sync: always, readonly: off, ' +
      'snapshot_limit: 50, filesystem_limit: none, dedup: off, utf8only: on, "org.x:note": "two words" }',
  ),
  dataset('name: tank/a/b, properties: { canmount: noauto }, mounted: true'),
  dataset('name: tank/off, properties: { canmount: off, mountpoint: none }'),
  dataset('name: tank/x/y/z, parents: true, mounted: false'),
  ENCRYPTED,
  dataset('name: tank/enc/c'),
];

const source = (name: string, property: string, expected: string): string =>
  `test "$(zfs get -H -o source ${property} ${name})" = '${expected}'`;
const HISTORY = 'zpool history tank | grep -v "^$" | tail -n +2';

const isRight = [
  value('tank', 'acltype', 'posix'),
  value('tank/a', 'quota', '1503238553'),
  value('tank/a', 'refquota', '838860800'),
  value('tank/a', 'reservation', '10485760'),
  value('tank/a', 'recordsize', '1048576'),
  'zfs get -H -o value compression tank/a | grep -qxE "zstd(-3)?"',
  value('tank/a', 'atime', 'off'),
  value('tank/a', 'copies', '2'),
  value('tank/a', 'sync', 'always'),
  value('tank/a', 'readonly', 'off'),
  value('tank/a', 'snapshot_limit', '50'),
  value('tank/a', 'utf8only', 'on'),
  value('tank/a', 'org.x:note', 'two words'),
  'zfs get -H -o source relatime tank/a | grep -qvx local',
  mounted('tank/a', '/srv/a'),
  mounted('tank/a/b', '/srv/a/b'),
  value('tank/enc', 'encryption', 'aes-256-gcm'),
  value('tank/enc', 'keystatus', 'available'),
  mounted('tank/enc', '/tank/enc'),
  mounted('tank/enc/c', '/tank/enc/c'),
  '! grep -q "^tank/off \\|^tank/x/y/z " /proc/self/mounts',
  mounted('tank/x/y', '/tank/x/y'),
];

describeLab('ZfsDataset', (lab) => {
  before(async () => {
    await lab.machine.writeFile(KEY, `${HEX}\n`);
    await lab.machine.succeed('zpool create tank /dev/disk/by-id/virtio-spare-a');
    await lab.phoenix.manifest(manifest(...ALL));
  });

  it('makes a tree with properties, mounts and a key by reference', async () => {
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(allOf(...isRight, `! zpool history -il tank | grep -q ${HEX}`));
  });

  it('has nothing to do the second time, and asks zfs once', async () => {
    await lab.machine.succeed(`${HISTORY} > /root/history`);
    const { code, stdout } = await lab.machine.run(
      'strace -f -qq -e trace=execve -e signal=none -o /root/trace /opt/phoenix/bin/phoenix setup --yes --no-color --verbose',
      { timeout: 600_000 },
    );
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^In sync: 7 resources/m);
    await lab.machine.succeed(
      allOf(
        `${HISTORY} | cmp - /root/history`,
        'test "$(grep -c "execve(\\"[^\\"]*/\\(zfs\\|zpool\\)\\".*= 0" /root/trace)" = 1',
      ),
    );
  });

  it('names each property that was changed by hand, and sets it and no other', async () => {
    await lab.machine.succeed(
      allOf(
        'zfs set acltype=off tank',
        'zfs set quota=900M refquota=none reservation=0 recordsize=128K compression=lz4 tank/a',
        'zfs inherit atime tank/a; zfs inherit copies tank/a; zfs inherit sync tank/a; zfs inherit org.x:note tank/a',
        'zfs set readonly=on snapshot_limit=7 relatime=on org.x:gone=back filesystem_limit=9 dedup=on tank/a',
        'zfs set mountpoint=/srv/elsewhere tank/a',
        'zfs set canmount=on tank/a/b; zfs set mountpoint=/srv/off canmount=noauto tank/off',
        'zfs mount tank/x/y/z',
        'zfs unmount tank/enc; zfs unload-key tank/enc',
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'ZfsDataset[tank]': /acltype: off → posix/,
      'ZfsDataset[tank/a]': [
        /quota: 900M → 1503238553/,
        /refquota: none → 800M/,
        /reservation: none → 10M/,
        /recordsize: 128K → 1M/,
        /compression: lz4 → zstd/,
        /atime: on → off/,
        /copies: 1 → 2/,
        /sync: standard → always/,
        /org\.x:note: none → two words/,
        /readonly: on → off/,
        /snapshot_limit: 7 → 50/,
        /filesystem_limit: 9 → none/,
        /dedup: on → off/,
        /mountpoint: \/srv\/elsewhere → \/srv\/a/,
        /relatime: on → inherited/,
        /org\.x:gone: back → inherited/,
        /recordsize.*: for new writes only/,
        /disruptive/,
      ],
      'ZfsDataset[tank/a/b]': /canmount: on → noauto/,
      'ZfsDataset[tank/off]': [/mountpoint: \/srv\/off → none/, /canmount: noauto → off/],
      'ZfsDataset[tank/x/y/z]': /mounted: true → false/,
      'ZfsDataset[tank/enc]': [/keystatus: unavailable → available/, /mounted: false → true/],
      'ZfsDataset[tank/enc/c]': /mounted: false → true/,
    });
    await lab.machine.succeed('zpool history tank | wc -l > /root/lines');
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(
      allOf(
        ...isRight,
        // One zfs set for all of tank/a, and an inherit for each property that must not be local.
        'zpool history tank | tail -n +$(cat /root/lines) | grep -c "zfs set .* tank/a$" | grep -qx 1',
        'zpool history tank | tail -n +$(cat /root/lines) | grep -c "zfs inherit .* tank/a$" | grep -qx 2',
      ),
    );
  });

  it('takes inherited, received and temporary values as they are, and an alternate root', async () => {
    await lab.machine.succeed(
      allOf(
        'zpool create -R /alt other /dev/disk/by-id/virtio-spare-b',
        'zfs create -o recordsize=16K -o quota=50M -o mountpoint=/srv/q other/src',
        'zfs snapshot other/src@1; zfs send -p other/src@1 | zfs receive -u tank/recv',
        'zfs destroy other/src@1; zfs set mountpoint=/srv/recv tank/recv; zfs mount tank/recv || zfs list tank/recv',
        'zfs create -o compression=lz4 other/top; zfs create other/top/low',
        'mount -o remount,noatime /alt/other/top/low',
      ),
    );
    await lab.phoenix.manifest(
      manifest(
        dataset('name: tank/recv, properties: { recordsize: 16K, quota: 50M }'),
        dataset('name: other/src, properties: { mountpoint: /srv/q }'),
        dataset('name: other/top/low, properties: { compression: lz4, atime: on }'),
      ),
    );
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^In sync: 3 resources/m);
    await lab.machine.succeed(
      allOf(
        source('tank/recv', 'recordsize', 'received'),
        mounted('other/src', '/alt/srv/q'),
        'zfs destroy -r tank/recv',
      ),
    );
  });
});
