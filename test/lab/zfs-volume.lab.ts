import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const manifest = (...volumes: string[]): string =>
  `version: 1\nsharedResources:\n  volumes:\n${volumes.map((one) => `    - { ${one} }\n`).join('')}`;

const ALL = [
  'name: tank/thick, size: 64M, sparse: false, properties: { compression: lz4, sync: always, "org.x:note": a b }',
  'name: tank/vols/thin, size: 1T, sparse: true, volblocksize: 32K, parents: true',
  'name: tank/odd, size: 10000001',
];
const value = (name: string, property: string, expected: string): string =>
  `test "$(zfs get -Hp -o value ${property} ${name})" = '${expected}'`;
const isRight = [
  value('tank/thick', 'volsize', '67108864'),
  'test "$(zfs get -Hp -o value refreservation tank/thick)" -ge 67108864',
  value('tank/thick', 'compression', 'lz4'),
  value('tank/thick', 'sync', 'always'),
  value('tank/thick', 'org.x:note', 'a b'),
  value('tank/vols/thin', 'volsize', '1099511627776'),
  value('tank/vols/thin', 'refreservation', '0'),
  value('tank/vols/thin', 'volblocksize', '32768'),
];

describeLab('ZfsVolume', (lab) => {
  before(async () => {
    await lab.machine.succeed('zpool create tank /dev/disk/by-id/virtio-spare-a');
    await lab.phoenix.manifest(manifest(...ALL));
  });

  it('makes volumes of the section sharedResources, and has nothing to do the second time', async () => {
    const first = await lab.phoenix.setup();
    assert.equal(first.code, 0, first.stdout + first.stderr);
    await lab.machine.succeed(
      allOf(...isRight, 'udevadm settle; test -b /dev/zvol/tank/thick', 'zpool history tank > /root/history'),
    );
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^In sync: 3 resources/m);
    await lab.machine.succeed('zpool history tank | cmp - /root/history');
  });

  it('names what was changed by hand, repairs it, and grows', async () => {
    await lab.machine.succeed(
      allOf(
        'zfs set refreservation=none compression=off org.x:note=other tank/thick; zfs inherit sync tank/thick',
        'zfs set refreservation=none compression=off tank/odd',
      ),
    );
    await lab.phoenix.manifest(manifest(...ALL.slice(0, 2), 'name: tank/odd, size: 20M'));
    const check = await lab.phoenix.check();
    assertPlan(check.stdout, {
      'ZfsVolume[tank/thick]': [
        /sparse: true → false/,
        /compression: off → lz4/,
        /sync: standard → always/,
        /org\.x:note: other → a b/,
      ],
      'ZfsVolume[tank/odd]': [/grow volume tank\/odd from \w+ to 20M/, /disruptive/],
    });
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(
      allOf(
        ...isRight,
        value('tank/odd', 'volsize', '20971520'),
        'udevadm settle; test "$(blockdev --getsize64 /dev/zvol/tank/odd)" = 20971520',
      ),
    );
  });

  it('refuses to shrink, to change the block size, and to destroy what is in use', async () => {
    await lab.machine.succeed(
      allOf(
        'mkfs.ext4 -q /dev/zvol/tank/thick && mkdir -p /mnt/v && mount /dev/zvol/tank/thick /mnt/v && touch /mnt/v/precious',
        'mkswap /dev/zvol/tank/odd && swapon /dev/zvol/tank/odd',
        'zfs create -V 16M tank/kept && zfs snapshot tank/kept@1 && zfs create tank/fs',
        'zpool history tank > /root/history',
      ),
    );
    await lab.phoenix.manifest(
      manifest(
        'name: tank/vols/thin, size: 1G, volblocksize: 64K',
        'name: tank/thick, ensure: absent',
        'name: tank/odd, ensure: absent',
        'name: tank/kept, ensure: absent',
        'name: tank/fs, size: 1G',
      ),
    );
    const names = ['thick', 'odd', 'kept'].flatMap((name) => ['--confirm', `ZfsVolume[tank/${name}]`]);
    const { code, stdout } = await lab.phoenix.setup(names);
    assert.equal(code, 4, stdout);
    assertPlan(stdout, {
      'ZfsVolume[tank/vols/thin]': [
        /tank\/vols\/thin has 1T, and 1G is declared: a volume is never shrunk/,
        /only creation can set volblocksize: tank\/vols\/thin has 32K/,
      ],
      'ZfsVolume[tank/thick]': /not destroyed: it is mounted on \/mnt\/v/,
      'ZfsVolume[tank/odd]': /not destroyed: it is swapped on/,
      'ZfsVolume[tank/kept]': /not destroyed while there are tank\/kept@1/,
      'ZfsVolume[tank/fs]': /is a filesystem, not a volume/,
    });
    await lab.machine.succeed('zpool history tank | cmp - /root/history && test -e /mnt/v/precious');
  });

  it('destroys one that nobody uses, by its name and confirmed', async () => {
    await lab.machine.succeed('swapoff /dev/zvol/tank/odd');
    await lab.phoenix.manifest(
      manifest('name: tank/odd, ensure: absent', 'name: tank/never, ensure: absent'),
    );
    const held = await lab.phoenix.setup();
    assert.match(held.stdout, /^ZfsVolume\[tank\/odd\]: held/m);
    await lab.machine.succeed('zfs list tank/odd');
    const { code, stdout, stderr } = await lab.phoenix.setup(['--confirm', 'ZfsVolume[tank/odd]']);
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed('! zfs list tank/odd && zfs list tank/thick');
  });
});
