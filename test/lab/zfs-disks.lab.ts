import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import { disk, STORAGE, virtio } from './storage.ts';

/** What may be on a disk: how it gets there, and what the plan must say about it. */
const CONTENTS: readonly (readonly [name: string, make: (device: string) => string, seen: RegExp])[] = [
  ['ext4', (d) => `mkfs.ext4 -q -L photos ${d}`, /ext4 "photos"/],
  ['xfs', (d) => `mkfs.xfs -q --unsupported ${d}`, /xfs/],
  ['btrfs', (d) => `mkfs.btrfs -q --mixed ${d}`, /btrfs/],
  ['swap', (d) => `mkswap -q ${d} 2> /dev/null || mkswap ${d}`, /swap/],
  ['lvm', (d) => `pvcreate -q ${d}`, /LVM2_member/],
  [
    'md',
    (d) =>
      `echo AUTO -all > /etc/mdadm/mdadm.conf; mdadm --create /dev/md9 --level=1 --raid-devices=2 --metadata=1.2 --run missing ${d} < /dev/null; mdadm --stop /dev/md9`,
    /linux_raid_member/,
  ],
  [
    'luks',
    (d) => `printf secret | cryptsetup luksFormat -q --pbkdf pbkdf2 --pbkdf-force-iterations 1000 ${d} -`,
    /crypto_LUKS/,
  ],
  [
    'exported',
    (d) => `zpool create exported ${d} && zpool export exported && udevadm settle`,
    /gpt; .*zfs_member of pool exported \(guid \d+, exported, last on host lab\)|zfs_member of pool exported .*gpt/,
  ],
  [
    'foreign',
    (d) =>
      // The labels of a pool that another host has in use, on the disk itself: copied from a file while it is imported.
      `old=$(cat /sys/module/spl/parameters/spl_hostid); echo 305419896 > /sys/module/spl/parameters/spl_hostid; truncate -s 120M /root/f; zpool create -o cachefile=none foreign /root/f; zpool sync foreign; cp /root/f /root/g; zpool destroy foreign; dd if=/root/g of=${d} bs=1M conv=fsync 2> /dev/null; echo $old > /sys/module/spl/parameters/spl_hostid; rm /root/f /root/g`,
    /zfs_member of pool foreign \(guid \d+, not exported/,
  ],
  ['iso', (d) => `genisoimage -quiet -V BACKUP /etc/ssh > ${d}`, /iso9660 "BACKUP"/],
  [
    'tail',
    (d) => `dd if=/dev/urandom of=${d} bs=1M seek=127 count=1 2> /dev/null`,
    /data in its first or last 4 MiB/,
  ],
];
const DISKS = CONTENTS.map((_content, index) => disk(index));
const HASHES = `for d in ${DISKS.join(' ')}; do openssl dgst -sha256 $d; done`;
const poolOf = (name: string): string => `w-${name}`;
const confirm = (...pools: string[]): string[] => pools.flatMap((pool) => ['--confirm', `ZfsPool[${pool}]`]);

const manifest = (...pools: string[]): string =>
  `version: 1\nzfs:\n  pools:\n${pools.map((pool) => `    - { ${pool} }\n`).join('')}`;
const single = (name: string, device: string): string => `name: ${name}, layout: stripe, disks: [${device}]`;

describeLab('the guard around disks', STORAGE, (lab) => {
  const flush = 'sync; echo 3 > /proc/sys/vm/drop_caches';

  it('names what is on a disk, and without --wipe-disks and the name of the pool leaves every byte', async () => {
    await lab.machine.succeed(
      allOf(
        ...CONTENTS.map(([, make], index) => make(disk(index))),
        'udevadm settle',
        `${HASHES} > /root/hashes`,
        `dd if=${disk(0)} of=/root/first bs=1M count=4 2> /dev/null`,
      ),
    );
    await lab.phoenix.manifest(
      manifest(...CONTENTS.map(([name], index) => single(poolOf(name), disk(index)))),
    );
    const safe = await lab.phoenix.setup(confirm(...CONTENTS.map(([name]) => poolOf(name))));
    assert.equal(safe.code, 3, safe.stdout + safe.stderr);
    assertPlan(
      safe.stdout,
      Object.fromEntries(
        CONTENTS.map(([name, , seen]) => [`ZfsPool[${poolOf(name)}]`, [seen, /\[destructive\]/]]),
      ),
    );
    assert.equal(safe.stdout.match(/held back: needs --wipe-disks/g)?.length, CONTENTS.length);

    const unnamed = await lab.phoenix.setup(['--wipe-disks']);
    assert.equal(unnamed.code, 3, unnamed.stdout + unnamed.stderr);
    assert.equal(
      unnamed.stdout.match(/held back: destructive; allow it by its name/g)?.length,
      CONTENTS.length,
    );
    await lab.machine.succeed(
      allOf(flush, `${HASHES} | cmp - /root/hashes`, 'test -z "$(zpool list -Ho name)"'),
    );
  });

  it('wipes exactly the disks of the pools that are named, and keeps what it clears', async () => {
    const one = await lab.phoenix.setup(['--wipe-disks', ...confirm('w-ext4')]);
    assert.equal(one.code, 3, one.stdout + one.stderr);
    await lab.machine.succeed(
      allOf(
        'test "$(zpool list -Ho name)" = w-ext4',
        flush,
        `${HASHES} | tail -n +2 > /root/now; tail -n +2 /root/hashes | cmp - /root/now`,
        'cmp /root/first /var/lib/phoenix/backups/disks/*-scsi-0QEMU_QEMU_HARDDISK_s0/at-0.img',
      ),
    );
    const all = await lab.phoenix.setup([
      '--wipe-disks',
      ...confirm(...CONTENTS.map(([name]) => poolOf(name))),
    ]);
    assert.equal(all.code, 0, all.stdout + all.stderr);
    await lab.machine.succeed(
      allOf(
        `test "$(zpool list -Ho name | wc -l)" = ${CONTENTS.length}`,
        'test "$(zpool list -Ho health | sort -u)" = ONLINE',
        `ls /var/lib/phoenix/backups/disks | wc -l | grep -x ${CONTENTS.length}`,
      ),
    );
  });

  it('puts back what a wipe has cleared, as the page for operators says', async () => {
    await lab.machine.succeed(
      allOf(
        `mkfs.ext4 -q ${disk(11)} && mount ${disk(11)} /mnt && cp -r /etc/ssh /mnt/ && umount /mnt && udevadm settle`,
        `mkfs.xfs -q --unsupported ${virtio('a')} && udevadm settle`,
      ),
    );
    await lab.phoenix.manifest(
      manifest(
        `name: back, layout: mirror, disks: [${disk(11)}, ${virtio('a')}], properties: { bootfs: no/such }`,
      ),
    );
    const { code, stdout } = await lab.phoenix.setup(['--wipe-disks', ...confirm('back')]);
    assert.equal(code, 4, stdout);
    await lab.machine.succeed(
      allOf(
        `! wipefs ${disk(11)} | grep ext4`,
        `cd /var/lib/phoenix/backups/disks/*-scsi-0QEMU_QEMU_HARDDISK_s11; for f in at-*.img; do o=\${f#at-}; dd if=$f of=${disk(11)} bs=1M oflag=seek_bytes seek=\${o%.img} conv=notrunc,fsync; done`,
        `fsck.ext4 -fn ${disk(11)} && mount -o ro ${disk(11)} /mnt && diff -r /etc/ssh /mnt/ssh && umount /mnt`,
      ),
    );
  });

  it('never takes a disk that is in use, ambiguous, missing or of another size, whatever is allowed', async () => {
    const [mounted, swap, volume, held, twice, other] = [12, 13, 14, 15, 16, 17].map(disk) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    // Those of imported pools change by themselves.
    const free = [...[12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 24].map(disk), disk('twin')];
    const hashes = `for d in ${free.join(' ')}; do openssl dgst -sha256 $d; done`;
    const byPath = async (device: string): Promise<string> =>
      (
        await lab.machine.succeed(
          `for p in /dev/disk/by-path/*; do [ "$(readlink -f $p)" = "$(readlink -f ${device})" ] && echo $p; done | head -1`,
        )
      ).trim();
    const [path, otherPath] = [await byPath(twice), await byPath(other)];
    await lab.machine.succeed(
      allOf(
        `mkfs.ext4 -q ${mounted} && mount -o noinit_itable ${mounted} /mnt`,
        `mkswap ${swap} && swapon ${swap}`,
        `vgcreate -q vg ${volume} && lvcreate -q -n data -L 32M vg`,
        `echo 0 100000 linear ${held} 0 | dmsetup create held`,
        `zpool create foreign ${disk(18)} && zpool export foreign`,
        `mkfs.ext4 -q ${disk(19)} && echo "UUID=$(blkid -o value -s UUID ${disk(19)}) /srv ext4 noauto 0 0" >> /etc/fstab`,
        `printf 'label: gpt\\nsize=64M\\n' | sfdisk -q ${disk(20)} && udevadm settle && mkfs.ext4 -q ${disk(20)}-part1`,
        'udevadm settle',
        flush,
        `${hashes} > /root/hashes`,
      ),
    );
    const part = (await lab.machine.succeed(`blkid -o value -s PARTUUID ${disk(20)}-part1`)).trim();
    const pools: Readonly<Record<string, readonly [string, RegExp]>> = {
      root: [single('root', '/dev/disk/by-id/virtio-root'), /vda is mounted at \//],
      mounted: [single('mounted', mounted), /is mounted at \/mnt/],
      swap: [single('swap', swap), /is used as swap/],
      volume: [single('volume', volume), /is held by (vg-data|dm-\d+)/],
      held: [single('held', held), /is held by (held|dm-\d+)/],
      member: [single('member', disk(0)), /in the imported pool w-ext4/],
      twice: [`name: twice, layout: mirror, disks: [${twice}, ${path}]`, /the same disk as/],
      first: [single('first', other), /the same disk as .*which the manifest names for pool second/],
      second: [single('second', otherPath), /the same disk as .*which the manifest names for pool first/],
      gone: [single('gone', disk('s99')), /there is no such disk/],
      small: [
        `name: small, layout: mirror, disks: [${disk(21)}, ${disk(24)}]`,
        /differ in size .*128\.0 MiB.*256\.0 MiB/,
      ],
      twin: [single('twin', disk('twin')), /have the same serial number twin/],
      fstab: [single('fstab', disk(19)), /named in \/etc\/fstab/],
      part: [single('part', `/dev/disk/by-partuuid/${part}`), /a partition that is not empty is never wiped/],
      foreign: [single('foreign', disk(22)), /its layout is not that of the manifest/],
    };
    await lab.phoenix.manifest(manifest(...Object.values(pools).map(([pool]) => pool)));
    const { code, stdout, stderr } = await lab.phoenix.setup([
      '--wipe-disks',
      ...confirm(...Object.keys(pools)),
    ]);
    assert.equal(code, 4, stdout + stderr);
    assertPlan(
      stdout,
      Object.fromEntries(
        Object.entries(pools).map(([name, [, seen]]) => [`ZfsPool[${name}]`, [/refused: /, seen]]),
      ),
    );
    await lab.machine.succeed(allOf(flush, `${hashes} | diff /root/hashes -`));
  });
});
