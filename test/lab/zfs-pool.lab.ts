import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import { disk, STORAGE, virtio } from './storage.ts';

const list = (...disks: string[]): string => `[${disks.join(', ')}]`;
const ids = (...numbers: number[]): string => list(...numbers.map(disk));

/** One pool of every layout, on both kinds of disks. */
const POOLS: Readonly<Record<string, string>> = {
  single: `layout: stripe, disks: ${list(virtio('a'))}, properties: { autotrim: true, comment: for the lab }`,
  pair: `layout: mirror, disks: ${list(virtio('b'), disk(0))}, properties: { failmode: continue }`,
  pairs: `vdevs: [{ type: mirror, disks: ${ids(1, 2)} }, { type: mirror, disks: ${ids(3, 4)} }], ashift: 12`,
  rz1: `layout: raidz1, disks: ${ids(5, 6)}, rootProperties: { compression: lz4, atime: false }`,
  rz2: `layout: raidz2, disks: ${ids(8, 9, 10)}`,
  rz3: `layout: raidz3, disks: ${ids(12, 13, 14, 15)}`,
  dr: `vdevs: [{ type: draid1, data: 2, spares: 1, disks: ${ids(16, 17, 18, 19)} }]`,
  whole:
    `layout: mirror, disks: ${ids(20, 21)}, log: [{ type: stripe, disks: ${ids(22)} }], cache: ${list(virtio('d'))}, ` +
    `special: [{ disks: ${list(disk(23), virtio('c'))} }], dedup: [{ disks: ${ids(7, 11)} }], spares: ${ids(24)}, ` +
    `properties: { compatibility: openzfs-2.1-linux, 'feature@lz4_compress': enabled }`,
};
const manifestOf = (pools: Readonly<Record<string, string>>): string =>
  `version: 1\nzfs:\n  pools:\n${Object.entries(pools)
    .map(([name, rest]) => `    - { name: ${name}, ${rest} }\n`)
    .join('')}`;

/** Types and disks of a pool, as the system's own tool has them, on one line. */
const treeOf = (pool: string): string =>
  `zpool status ${pool} | sed -n '/^config:/,/^errors:/p' | awk 'NF >= 1 && !/config:|errors:|NAME/ { printf "%s ", $1 }'`;
const hasTree = (pool: string, ...words: string[]): string =>
  `test "$(${treeOf(pool)})" = '${[pool, ...words].join(' ')} '`;
const short = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const names = (...numbers: number[]): string[] => numbers.map((number) => short(disk(number)));

describeLab('ZfsPool', STORAGE, (lab) => {
  it('makes pools of every layout, on virtio and SCSI disks', async () => {
    await lab.phoenix.manifest(manifestOf(POOLS));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        hasTree('single', short(virtio('a'))),
        hasTree('pair', 'mirror-0', short(virtio('b')), ...names(0)),
        hasTree('pairs', 'mirror-0', ...names(1, 2), 'mirror-1', ...names(3, 4)),
        hasTree('rz1', 'raidz1-0', ...names(5, 6)),
        hasTree('rz2', 'raidz2-0', ...names(8, 9, 10)),
        hasTree('rz3', 'raidz3-0', ...names(12, 13, 14, 15)),
        hasTree('dr', 'draid1:2d:4c:1s-0', ...names(16, 17, 18, 19), 'spares', 'draid1-0-0'),
        `zpool list -v whole | grep -Ec '^(special|dedup|logs|cache|spare)' | grep -x 5`,
        `test "$(zpool get -Ho value autotrim,ashift,comment single | paste -sd,)" = 'on,12,for the lab'`,
        `test "$(zpool get -Ho value failmode pair)" = continue`,
        `test "$(zfs get -Ho value compression,atime rz1 | paste -sd,)" = lz4,off`,
        'test "$(zpool list -Ho health | sort -u)" = ONLINE',
      ),
    );
  });

  it('has nothing to do the second time: two processes for all pools, and nothing in their history', async () => {
    await lab.machine.succeed('for p in $(zpool list -Ho name); do zpool history $p; done > /root/history');
    const { code, stdout, stderr } = await lab.machine.run(
      'strace -f --seccomp-bpf -qq -e trace=execve -o /root/trace /opt/phoenix/bin/phoenix setup',
      { timeout: 600_000 },
    );
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '');
    await lab.machine.succeed(
      allOf(
        'for p in $(zpool list -Ho name); do zpool history $p; done | cmp - /root/history',
        `test "$(grep -c 'execve("/usr/sbin/zpool"' /root/trace)" = 2`,
        `! grep -E 'execve\\("[^"]*/(wipefs|lsblk|zdb|udevadm|blockdev)"' /root/trace`,
      ),
    );
  });

  it('names properties that were changed by hand and a disk that is offline, and sets the properties', async () => {
    await lab.machine.succeed(
      allOf(
        'zpool set autotrim=off single',
        'zpool set comment=other single',
        'zpool set failmode=panic pair',
        `zpool offline pair ${short(disk(0))}`,
        'zpool set ashift=13 pairs',
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2, check.stdout);
    assertPlan(check.stdout, {
      'ZfsPool[single]': [/autotrim: off → on/, /comment: other → for the lab/],
      'ZfsPool[pair]': /failmode: panic → continue/,
      'ZfsPool[pairs]': /ashift: 13 → 12/,
    });
    assert.match(check.stdout, /^# ZfsPool\[pair\]: pool pair is DEGRADED: /m);
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(
      allOf(
        `test "$(zpool get -Ho value autotrim,comment single | paste -sd,)" = 'on,for the lab'`,
        'test "$(zpool get -Ho value failmode pair)" = continue',
        `zpool online pair ${short(disk(0))}`,
      ),
    );
  });

  it('takes a pool for the same when every disk has another kernel name, and imports one that was exported', async () => {
    await lab.machine.succeed(
      'zpool export rz1; zpool export whole; ls -l /dev/disk/by-id > /root/ids; sync',
    );
    await lab.machine.crash();
    await lab.machine.start({ reversed: true });
    await lab.machine.succeed(
      allOf(
        '! ls -l /dev/disk/by-id | cmp -s - /root/ids',
        // What the boot has not imported by its cache.
        'for p in single pair pairs rz2 rz3 dr; do zpool list $p || zpool import -d /dev/disk/by-id $p; done',
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2, check.stdout + check.stderr);
    assertPlan(check.stdout, {
      'ZfsPool[rz1]': /import pool rz1 \(guid \d+\)/,
      'ZfsPool[whole]': /import pool whole/,
    });
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(
      allOf(
        hasTree('rz1', 'raidz1-0', ...names(5, 6)),
        'test "$(zpool list -Ho health | sort -u)" = ONLINE',
        'test "$(zpool list -Ho name | wc -l)" = 8',
      ),
    );
  });

  it('reports a layout that differs, with both trees, and changes only what is permitted by name', async () => {
    await lab.machine.succeed(
      allOf(
        'zpool export rz2',
        'zpool destroy pairs',
        `for d in ${[1, 2, 3, 4].map(disk).join(' ')}; do wipefs -aq $d-part1 $d-part9; wipefs -aq $d; dd if=/dev/zero of=$d bs=1M count=128 2> /dev/null; done; udevadm settle`,
      ),
    );
    const { pairs: _gone, rz2: _away, ...rest } = POOLS;
    const wanted = {
      ...rest,
      single: `layout: mirror, disks: ${list(virtio('a'), disk(1))}, properties: { autotrim: true }`,
      pair: `layout: mirror, disks: ${list(virtio('b'), disk(2))}`,
      rz1: `layout: raidz1, disks: ${ids(5, 6)}, log: [{ type: stripe, disks: ${ids(3)} }], spares: ${ids(4)}`,
      rz3: `layout: raidz2, disks: ${ids(12, 13, 14, 15)}`,
      dr: rest.dr!.replace('spares: 1, ', ''),
      whole: rest.whole!.replace(`, spares: ${ids(24)}`, ''),
    };
    await lab.phoenix.manifest(manifestOf(wanted));
    const check = await lab.phoenix.check();
    assertPlan(check.stdout, {
      'ZfsPool[single]': [/refused: .*permit: \{ attach: true \}/, /^ +\+mirror$/m],
      'ZfsPool[pair]': /refused: .*permit: \{ replace: /,
      'ZfsPool[rz1]': /refused: .*permit: \{ add: \[log\] \}/,
      'ZfsPool[rz3]': [/refused: .*a raidz3 of 4 is not made a raidz2 of 4/, /^ +-raidz3$/m, /^ +\+raidz2$/m],
      'ZfsPool[whole]': /refused: .*only in the pool; nothing is removed/,
    });
    const { rz3: _never, whole: _nor, ...possible } = wanted;
    await lab.phoenix.manifest(
      manifestOf({
        ...possible,
        single: `${wanted.single}, permit: { attach: true }`,
        pair: `${wanted.pair}, permit: { replace: [{ old: ${disk(0)}, new: ${disk(2)} }] }`,
        rz1: `${wanted.rz1}, permit: { add: [log, spares] }`,
      }),
    );
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.waitUntil('! zpool status | grep -E "resilver in progress|replacing"');
    await lab.machine.succeed(
      allOf(
        hasTree('single', 'mirror-0', short(virtio('a')), ...names(1)),
        hasTree('pair', 'mirror-0', short(virtio('b')), ...names(2)),
        hasTree('rz1', 'raidz1-0', ...names(5, 6), 'logs', ...names(3), 'spares', ...names(4)),
      ),
    );
    const again = await lab.phoenix.setup(['--verbose']);
    assert.match(again.stdout, /^In sync/m);
  });
});
