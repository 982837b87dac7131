/** What ZfsDataset refuses, destroys and finds again. */
import { strict as assert } from 'node:assert';
import { dataset, ENCRYPTED, HEX, KEY, manifest, mounted, value } from './datasets.ts';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

describeLab('ZfsDataset, where it is careful', (lab) => {
  before(async () => {
    await lab.machine.writeFile(KEY, `${HEX}\n`);
    await lab.machine.succeed(
      allOf(
        'zpool create tank /dev/disk/by-id/virtio-spare-a',
        'zfs create -o mountpoint=/srv/a -o utf8only=on tank/a && zfs create tank/a/b',
        `zfs create -o encryption=on -o keyformat=hex -o keylocation=file://${KEY} tank/enc && zfs create tank/enc/c`,
        'zfs create -o canmount=off -o mountpoint=none tank/off && zfs create -p tank/x/y',
      ),
    );
  });

  it('refuses what would lose or hide data, and leaves it as it was', async () => {
    await lab.machine.succeed(
      allOf(
        'head -c 60M /dev/urandom > /srv/a/b/data; zpool sync tank',
        'mkdir -p /srv/full; touch /srv/full/precious; zfs create tank/v; zfs snapshot tank/v@keep',
        'zfs create -V 16M tank/volume',
        'zfs unmount /tank/x/y; mkdir -p /tank/x/y/strange',
        `zpool history tank > /root/history`,
      ),
    );
    await lab.phoenix.manifest(
      manifest(
        dataset('name: tank/a, properties: { quota: 10M, utf8only: off }'),
        dataset(
          'name: tank/enc, properties: { encryption: aes-128-gcm, keyformat: hex, keylocation: prompt }',
        ),
        dataset('name: tank/off, properties: { reservation: 10G }'),
        dataset('name: tank/new, properties: { mountpoint: /srv/full }'),
        dataset('name: tank/x/y'),
        dataset('name: tank/x, ensure: absent'),
        dataset('name: tank/v, ensure: absent'),
        dataset('name: tank/volume, ensure: absent'),
        dataset('name: nopool, properties: { atime: off }'),
      ),
    );
    const { code, stdout } = await lab.phoenix.setup(['--confirm', 'ZfsDataset[tank/v]']);
    assert.equal(code, 4, stdout);
    assertPlan(stdout, {
      'ZfsDataset[tank/a]': [
        /refused: .*only creation can set utf8only/,
        /quota of 10 MiB for tank\/a is below what it uses \(\d\d(\.\d+)? MiB\)/,
      ],
      'ZfsDataset[tank/enc]': /only creation can set encryption: tank\/enc has aes-256-gcm/,
      'ZfsDataset[tank/off]':
        /reservation of 10 GiB .* takes (9\.99|10) GiB more .* [\d.]+ MiB are available/,
      'ZfsDataset[tank/new]': /\/srv\/full holds precious: mounted there, tank\/new would hide it/,
      'ZfsDataset[tank/x/y]': /\/tank\/x\/y holds strange/,
      'ZfsDataset[tank/x]': /not destroyed while there are tank\/x\/y/,
      'ZfsDataset[tank/v]': /not destroyed while there are tank\/v@keep/,
      'ZfsDataset[tank/volume]': /is a volume, not a filesystem/,
      'ZfsDataset[nopool]': /once pool nopool is imported/,
    });
    assert.match(stdout, /^ZfsDataset\[nopool\]: failed: pool nopool is not imported/m);
    await lab.machine.succeed('zpool history tank | cmp - /root/history && rmdir /tank/x/y/strange');
  });

  it('destroys one dataset by its name, and brings key and mounts back when the pool is imported anew', async () => {
    await lab.machine.succeed('zfs destroy tank/v@keep');
    await lab.phoenix.manifest(
      manifest(ENCRYPTED, dataset('name: tank/enc/c'), dataset('name: tank/v, ensure: absent')),
    );
    const held = await lab.phoenix.setup();
    assert.match(held.stdout, /^ZfsDataset\[tank\/v\]: held/m);
    await lab.machine.succeed(
      allOf(
        'zfs list tank/v',
        // As a boot does it: the key is not loaded, so neither of the two is mounted.
        'zpool export tank && zpool import -N tank && zfs mount -a',
        value('tank/enc', 'keystatus', 'unavailable'),
        '! grep -q "^tank/enc" /proc/self/mounts',
      ),
    );
    const { code, stdout, stderr } = await lab.phoenix.setup(['--confirm', 'ZfsDataset[tank/v]']);
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf('! zfs list tank/v', mounted('tank/enc', '/tank/enc'), mounted('tank/enc/c', '/tank/enc/c')),
    );
  });
});
