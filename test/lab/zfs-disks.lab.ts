import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import { disk, STORAGE, virtio } from './storage.ts';

/** The labels of a pool that another host has in use, on the disk itself: copied from a file while it is imported. */
const ofOtherHost = (pool: string, device: string): string =>
  [
    'old=$(cat /sys/module/spl/parameters/spl_hostid); echo 305419896 > /sys/module/spl/parameters/spl_hostid',
    `truncate -s 120M /root/f; zpool create -o cachefile=none ${pool} /root/f; zpool sync ${pool}; cp /root/f /root/g; zpool destroy ${pool}`,
    `dd if=/root/g of=${device} bs=1M conv=fsync 2> /dev/null; echo $old > /sys/module/spl/parameters/spl_hostid; rm /root/f /root/g`,
  ].join('\n');

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
  ['foreign', (d) => ofOtherHost('foreign', d), /zfs_member of pool foreign \(guid \d+, not exported/],
  ['iso', (d) => `genisoimage -quiet -V BACKUP /etc/ssh > ${d}`, /iso9660 "BACKUP"/],
  [
    'bcache',
    // Registered by udev at once: let go again.
    (d) =>
      `make-bcache -B ${d} > /dev/null; udevadm settle; for b in /sys/block/bcache*/bcache; do echo 1 > $b/stop; done; udevadm settle`,
    /bcache/,
  ],
  [
    'tail',
    (d) => `dd if=/dev/urandom of=${d} bs=1M seek=127 count=1 2> /dev/null`,
    /data in its first or last 4 MiB/,
  ],
];
/** All of the SCSI disks that the other cases leave, and one of virtio. */
const deviceAt = (index: number): string => (index < 11 ? disk(index) : virtio('b'));
const DISKS = CONTENTS.map((_content, index) => deviceAt(index));
/**
 * Of whole disks, past every cache, line by line in the order of their names. Emulated, a hash takes ten times as long as
 * a comparison with zeroes, so only the other blocks go into it, each with its place.
 */
const HASHES = `import { openSync, readSync, closeSync } from 'node:fs';
import { createHash } from 'node:crypto';
const SIZE = 1024 * 1024;
const [block, zeroes] = [Buffer.alloc(SIZE), Buffer.alloc(SIZE)];
for (const disk of process.argv.slice(2).sort()) {
  const [hash, descriptor] = [createHash('sha256'), openSync(disk)];
  let place = 0;
  for (let length; (length = readSync(descriptor, block, 0, SIZE, place)) > 0; place += length)
    if (block.compare(zeroes, 0, length, 0, length) !== 0) hash.update(place + ':').update(block.subarray(0, length));
  closeSync(descriptor);
  console.log(hash.digest('hex'), place, disk);
}
`;
const hashesOf = (disks: readonly string[]): string =>
  `sync; echo 3 > /proc/sys/vm/drop_caches; node /root/hashes.mjs ${disks.join(' ')}`;
const confirm = (...pools: string[]): string[] => pools.flatMap((pool) => ['--confirm', `ZfsPool[${pool}]`]);

const manifest = (...pools: string[]): string =>
  `version: 1\nzfs:\n  pools:\n${pools.map((pool) => `    - { ${pool} }\n`).join('')}`;
const stripe = (name: string, ...devices: string[]): string =>
  `name: ${name}, layout: stripe, disks: [${devices.join(', ')}]`;

/** Types each answer when its question is on the terminal; what the terminal showed is in /run/shown. */
const onTerminal = (
  command: string,
  answers: readonly (readonly [question: string, keys: string])[],
): string =>
  [
    'rm -f /run/keys /run/shown; mkfifo /run/keys; exec 3<> /run/keys',
    `script -qefc ${JSON.stringify(command)} /run/shown < /run/keys > /dev/null & typist=$!`,
    ...answers.map(
      ([question, keys]) => `until grep -qF '${question}' /run/shown; do sleep 0.3; done; echo '${keys}' >&3`,
    ),
    'wait $typist',
  ].join('\n');

describeLab('the guard around disks', STORAGE, (lab) => {
  const [first, ...rest] = DISKS as [string, ...string[]];
  const draid = (name: string, fields: string, disks: readonly string[]): string =>
    `name: ${name}, vdevs: [{ type: ${fields}, disks: [${disks.join(', ')}] }]`;
  const two = draid('two', 'draid2, data: 1, spares: 1', rest.slice(0, 4));
  const three = draid('three', 'draid3, data: 3, spares: 1', rest.slice(4));

  before(async () => {
    await lab.machine.writeFile('/root/hashes.mjs', HASHES);
  });

  it('names what is on a disk, and without --wipe-disks and the name of the pool leaves every byte', async () => {
    await lab.machine.succeed(
      allOf(
        ...CONTENTS.map(([, make], index) => make(deviceAt(index))),
        'udevadm settle',
        `( ${hashesOf(DISKS)} ) > /root/hashes`,
        `dd if=${first} of=/root/first bs=1M count=4 2> /dev/null`,
      ),
    );
    await lab.phoenix.manifest(manifest(stripe('one', first), two, three));
    const safe = await lab.phoenix.setup(confirm('one', 'two', 'three'));
    assert.equal(safe.code, 3, safe.stdout + safe.stderr);
    const destructive = /\[destructive\]/;
    assertPlan(safe.stdout, {
      'ZfsPool[one]': destructive,
      'ZfsPool[two]': destructive,
      'ZfsPool[three]': destructive,
    });
    const lines = safe.stdout.split('\n');
    for (const [index, [name, , seen]] of CONTENTS.entries())
      assert.match(lines.find((line) => line.includes(`${deviceAt(index)} (`)) ?? '', seen, name);
    assert.equal(safe.stdout.match(/held back: needs --wipe-disks/g)?.length, 3);

    const unnamed = await lab.phoenix.setup(['--wipe-disks']);
    assert.equal(unnamed.code, 3, unnamed.stdout + unnamed.stderr);
    assert.equal(unnamed.stdout.match(/held back: destructive; allow it by its name/g)?.length, 3);
    await lab.machine.succeed(
      allOf(
        `( ${hashesOf([first])} ) | cmp - <(grep ' ${first}$' /root/hashes)`,
        'test -z "$(zpool list -Ho name)"',
      ),
    );
  });

  it('wipes exactly the disks of the pool whose name is typed, and keeps what it clears', async () => {
    const { code } = await lab.machine.run(
      onTerminal('/opt/phoenix/bin/phoenix setup --wipe-disks --no-color', [
        ['Go on? [y/N]', 'y'],
        ['ZfsPool[one] would be changed destructively. Type its name', 'ZfsPool[one]'],
        ['ZfsPool[two] would be changed destructively. Type its name', 'yes'],
        ['ZfsPool[three] would be changed destructively. Type its name', 'ZfsPool[one]'],
      ]),
      { timeout: 600_000 },
    );
    assert.equal(code, 3, await lab.machine.succeed('cat /run/shown'));
    await lab.machine.succeed(
      allOf(
        'test "$(zpool list -Ho name)" = one',
        // The others have gone through all three runs.
        `( ${hashesOf(rest)} ) | diff <(grep -v ' ${first}$' /root/hashes) -`,
        'cmp /root/first /var/lib/phoenix/backups/disks/*-scsi-0QEMU_QEMU_HARDDISK_s0/at-0.img',
      ),
    );
  });

  it('wipes all that it was told to by flags, and makes the pool', async () => {
    const { code, stdout, stderr } = await lab.phoenix.setup(['--wipe-disks', ...confirm('two', 'three')]);
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        `test "$(zpool list -Ho name,health | tr '\\t\\n' '= ')" = 'one=ONLINE three=ONLINE two=ONLINE '`,
        `test "$(zpool status -P two three | grep -c /dev/disk/by-id/)" = ${rest.length}`,
        'zpool status two | grep -w draid2:1d:4c:1s-0 && zpool status three | grep -w draid3:3d:7c:1s-0',
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
    const [multipath, cached, gone] = [virtio('c'), virtio('d'), disk(23)];
    // Those of imported pools change by themselves, and one is pulled out.
    const free = [
      ...[12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 24].map(disk),
      disk('twin'),
      virtio('a'),
      multipath,
      cached,
    ];
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
        `echo "0 $(blockdev --getsz ${multipath}) multipath 0 0 1 1 round-robin 0 1 1 $(lsblk -dno MAJ:MIN ${multipath}) 1000" | dmsetup create mpatha -u mpath-lab`,
        `make-bcache -B ${cached} > /dev/null; udevadm settle; test -e /dev/bcache0`,
        `zpool create foreign ${disk(18)} && zpool export foreign`,
        ofOtherHost('elsewhere', virtio('a')),
        `mkfs.ext4 -q ${disk(19)} && echo "UUID=$(blkid -o value -s UUID ${disk(19)}) /srv ext4 noauto 0 0" >> /etc/fstab`,
        `printf 'label: gpt\\nsize=64M\\n' | sfdisk -q ${disk(20)} && udevadm settle && mkfs.ext4 -q ${disk(20)}-part1`,
        `echo 1 > /sys/block/$(basename $(readlink -f ${gone}))/device/delete`,
        'udevadm settle',
        `( ${hashesOf(free)} ) > /root/hashes`,
      ),
    );
    const part = (await lab.machine.succeed(`blkid -o value -s PARTUUID ${disk(20)}-part1`)).trim();
    const pools: Readonly<Record<string, readonly [string, RegExp]>> = {
      root: [stripe('root', '/dev/disk/by-id/virtio-root'), /vda is mounted at \//],
      mounted: [stripe('mounted', mounted), /is mounted at \/mnt/],
      swap: [stripe('swap', swap), /is used as swap/],
      volume: [stripe('volume', volume), /is held by (vg-data|dm-\d+)/],
      held: [stripe('held', held), /is held by (held|dm-\d+)/],
      member: [stripe('member', disk(0)), /in the imported pool one/],
      twice: [`name: twice, layout: mirror, disks: [${twice}, ${path}]`, /the same disk as/],
      first: [stripe('first', other), /the same disk as .*which the manifest names for pool second/],
      second: [stripe('second', otherPath), /the same disk as .*which the manifest names for pool first/],
      multipath: [stripe('multipath', multipath), /is held by (mpatha|dm-\d+)/],
      bcache: [stripe('bcache', cached), /is held by bcache\d/],
      gone: [stripe('gone', gone), /there is no such disk/],
      small: [
        `name: small, layout: mirror, disks: [${disk(21)}, ${disk(24)}]`,
        /differ in size .*128\.0 MiB.*256\.0 MiB/,
      ],
      twin: [stripe('twin', disk('twin')), /have the same serial number twin/],
      fstab: [stripe('fstab', disk(19)), /named in \/etc\/fstab/],
      part: [stripe('part', `/dev/disk/by-partuuid/${part}`), /a partition that is not empty is never wiped/],
      elsewhere: [
        stripe('elsewhere', virtio('a')),
        /it was last used by another host .*zpool import -f elsewhere/,
      ],
      foreign: [stripe('foreign', disk(22)), /its layout is not that of the manifest/],
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
    await lab.machine.succeed(allOf(`( ${hashesOf(free)} ) | diff /root/hashes -`));
  });
});
