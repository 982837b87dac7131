/**
 * A run that wipes disks and makes a pool is cut off at exact points: before, in the midst of and after everything that
 * it writes and every tool that writes for it. The next run goes on from there, or says what a person must decide.
 */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';
import { disk, STORAGE } from './storage.ts';

const [A, B] = [disk(0), disk(1)];
const ARGUMENTS = ['--wipe-disks', '--confirm', 'ZfsPool[whole]'];
const WHAT = `setup --yes --no-color --wipe-disks --confirm 'ZfsPool[whole]'`;
const RUN = `/opt/phoenix/bin/phoenix ${WHAT}`;

const MANIFEST = `version: 1
zfs:
  pools:
    - name: whole
      layout: mirror
      disks: [${A}, ${B}]
      properties: { comment: as wanted }
      rootProperties: { compression: lz4, mountpoint: /srv/whole }
`;

/** Nothing is left of a pool. */
const CLEAR = `{ zpool destroy whole || true; for d in ${A} ${B}; do blkdiscard -fz $d; done; udevadm settle; } > /dev/null 2>&1`;
/** A disk with a filesystem that has something at both of its ends. */
const FILL_A = `{ mkfs.ext4 -qF ${A}; printf end | dd of=${A} bs=1M seek=127; udevadm settle; } > /dev/null 2>&1`;
/** One with a partition table and a filesystem in its partition. */
const FILL_B = `{ printf 'label: gpt\\nsize=64M\\n' | sfdisk -q ${B}; udevadm settle; mkfs.ext4 -qF ${B}-part1; udevadm settle; } > /dev/null 2>&1`;

/** Whole, by the system's own tools: both disks in one mirror, every property, every block readable. */
const IS_WHOLE = allOf(
  'zpool scrub -w whole && zpool status whole | grep -q "errors: No known data errors"',
  'test "$(zpool list -Ho health whole)" = ONLINE',
  `test "$(zpool status -P whole | awk '/mirror-0|disk\\/by-id/ { printf "%s ", $1 }')" = 'mirror-0 ${A}-part1 ${B}-part1 '`,
  'test "$(zpool get -Ho value comment whole)" = "as wanted"',
  'test "$(zfs get -Ho value compression,mountpoint whole | paste -sd,)" = lz4,/srv/whole',
  'mountpoint -q /srv/whole',
);

/**
 * In place of a tool: when it is called as /run/point says, it ends phoenix, which has called it. `first` and `second`
 * are as soon as the kernel knows a partition on that disk, long before the tool has its name from udev and goes on.
 */
const STAND_IN = `#!/bin/bash
tool=/root/tools/\${0##*/}
[ -e /run/point ] && . /run/point
case "\${0##*/} $*" in $call) ;; *) exec $tool "$@" ;; esac
rm /run/point
until_parted() { local disk=$(basename "$(readlink "$1")"); until [ -e /sys/class/block/$disk/\${disk}1 ]; do :; done; }
case $moment in
  before) kill -9 $PPID ;;
  after) $tool "$@"; kill -9 $PPID ;;
  first) $tool "$@" & until_parted ${A}; kill -9 $PPID $! ;;
  second) $tool "$@" & until_parted ${B}; kill -9 $PPID $! ;;
  alone) $tool "$@" & until_parted ${B}; kill -9 $PPID; wait ;;
  waits) $tool "$@" & until_parted ${B}; touch /run/waits; wait ;;
esac
`;
const INSTALL_STAND_INS = `mkdir /root/tools; for p in blockdev zpool; do mv /usr/sbin/$p /root/tools/ && install -m 755 /root/stand-in /usr/sbin/$p; done`;

/** Loaded into phoenix before all else: ends it right before the nth call of that name, of all or on that file. */
const CUT = `import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const [name, nth, on] = process.env.CUT.split(' ');
const [call, file] = [fs[name], on && fs.realpathSync(on)];
let count = 0;
fs[name] = (descriptor, ...rest) => {
  if (!file || fs.readlinkSync('/proc/self/fd/' + descriptor) === file) count += 1;
  if (count === Number(nth)) process.kill(process.pid, 'SIGKILL');
  return call(descriptor, ...rest);
};
syncBuiltinESMExports();
`;

/** Where a run ends. */
type Point =
  /** Right before phoenix writes or syncs for the nth time, anywhere or on this disk. */
  | { readonly call: 'fsyncSync' | 'writeSync'; readonly nth: number; readonly on?: string }
  /** While phoenix runs a tool. */
  | { readonly moment: 'before' | 'after' | 'first' | 'second' | 'alone'; readonly tool: string };

const killedAt = (point: Point): string => {
  if ('tool' in point)
    return `echo "moment=${point.moment} call='${point.tool}'" > /run/point; ${RUN} > /run/said 2>&1; code=$?; rm -f /run/point`;
  return `CUT='${point.call} ${point.nth} ${point.on ?? ''}' node --import /root/cut.mjs /opt/phoenix/bin/run.js ${WHAT} > /run/said 2>&1; code=$?`;
};

const MAKE = 'zpool create -o*';
const LOOK = /wipe 2 disks.*create pool/s;
const WIPE_ONE = /wipe a disk.*create pool/s;
const ONLY_CREATE = /^~ ZfsPool\[whole\]: create pool/m;

/** Each run finds what the one before has left, says so in its plan, and goes further. */
const KILLS: readonly {
  readonly before?: string;
  readonly point: Point;
  readonly plan: RegExp;
}[] = [
  // The journal, and the copies of what will be cleared.
  { before: `${FILL_A}; ${FILL_B}`, point: { call: 'fsyncSync', nth: 4 }, plan: LOOK },
  { point: { call: 'fsyncSync', nth: 6 }, plan: LOOK },
  { point: { call: 'writeSync', nth: 1, on: A }, plan: LOOK },
  { point: { call: 'writeSync', nth: 2, on: A }, plan: LOOK },
  // Of A only its end is left.
  { point: { call: 'fsyncSync', nth: 1, on: A }, plan: LOOK },
  { before: FILL_A, point: { moment: 'before', tool: 'blockdev --rereadpt *' }, plan: LOOK },
  { before: FILL_A, point: { moment: 'after', tool: 'blockdev --rereadpt *' }, plan: LOOK },
  { point: { call: 'writeSync', nth: 1, on: B }, plan: WIPE_ONE },
  { point: { call: 'writeSync', nth: 2, on: B }, plan: WIPE_ONE },
  // Without the beginning of its table the kernel has let go of the partition.
  { before: FILL_B, point: { call: 'writeSync', nth: 4, on: B }, plan: WIPE_ONE },
  { point: { moment: 'before', tool: 'blockdev --rereadpt *' }, plan: WIPE_ONE },
  {
    before: 'blockdev --rereadpt ' + B,
    point: { moment: 'before', tool: 'zpool create -n*' },
    plan: ONLY_CREATE,
  },
  { point: { moment: 'after', tool: 'zpool create -n*' }, plan: ONLY_CREATE },
  { point: { moment: 'before', tool: MAKE }, plan: ONLY_CREATE },
  { point: { moment: 'first', tool: MAKE }, plan: ONLY_CREATE },
  { point: { moment: 'second', tool: MAKE }, plan: WIPE_ONE },
  { point: { moment: 'after', tool: MAKE }, plan: LOOK },
  {
    before: 'zpool export whole',
    point: { moment: 'before', tool: 'zpool import -d*' },
    plan: /import pool whole/,
  },
];

describeLab('a run on disks that is cut off', STORAGE, (lab) => {
  const arrange = async (): Promise<void> => {
    await lab.phoenix.manifest(MANIFEST);
    await lab.machine.writeFile('/root/cut.mjs', CUT);
    await lab.machine.writeFile('/root/stand-in', STAND_IN);
    await lab.machine.succeed(INSTALL_STAND_INS);
  };
  before(arrange);

  it(`goes on where the one before was killed, at ${KILLS.length} points`, async function () {
    this.timeout(1_800_000);
    const wrong: string[] = [];
    for (const { before = ':', point, plan } of KILLS) {
      const said = await lab.machine.succeed(
        `${before}\n${killedAt(point)}\ncat /run/said; echo "code $code"`,
        { timeout: 300_000 },
      );
      if (!/^code 137$/m.test(said) || !plan.test(said)) wrong.push(`${JSON.stringify(point)}\n${said}`);
    }
    assert.equal(wrong.join('\n\n'), '');
  });

  it('ends what is left, and does not spoil what a tool that lives on still makes', async () => {
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout);
    assert.match(stdout, /import pool whole/);
    await lab.machine.succeed(IS_WHOLE);
    // The next run does not wait for the tool of the one that was killed.
    const said = await lab.machine.succeed(
      `${CLEAR}\n(${killedAt({ moment: 'alone', tool: MAKE })}) > /dev/null 2>&1\n${RUN}\necho "code $?"; while pgrep zpool; do sleep 0.1; done`,
      { timeout: 300_000 },
    );
    assert.match(said, /^code [034]$/m);
    if (!said.includes('code 0')) {
      const last = await lab.phoenix.setup();
      assert.equal(last.code, 0, said + last.stdout);
    }
    await lab.machine.succeed(IS_WHOLE);
  });

  /** Without --wipe-disks nothing half made is taken for good, and with it the pool is made. */
  const judge = async (expected: readonly number[]): Promise<void> => {
    await lab.machine.reset({ keepSpares: true });
    await lab.phoenix.install();
    await arrange();
    const safe = await lab.phoenix.setup();
    const said = safe.stdout + safe.stderr;
    assert.ok(expected.includes(safe.code), said);
    if (safe.code === 3) {
      assert.match(safe.stdout, /held back: needs --wipe-disks/, said);
      const wiped = await lab.phoenix.setup(ARGUMENTS);
      assert.equal(wiped.code, 0, `${said}\n${wiped.stdout}${wiped.stderr}`);
    }
    await lab.machine.succeed(IS_WHOLE).catch((error: unknown) => {
      throw new Error(said, { cause: error });
    });
  };

  it('goes on after the power was cut while zpool(8) made the pool', async () => {
    await lab.machine.succeed(
      `${CLEAR}; echo "moment=waits call='${MAKE}'" > /run/point; ${RUN} > /dev/null 2>&1 & until [ -e /run/waits ]; do :; done`,
      { timeout: 300_000 },
    );
    await judge([0, 3]);
  });

  it('goes on after the power was cut as soon as the pool was made', async () => {
    await lab.machine.succeed(
      `${CLEAR}; echo "moment=after call='${MAKE}'" > /run/point; ${RUN} > /dev/null 2>&1; true`,
      { timeout: 300_000 },
    );
    await judge([0]);
  });
});
