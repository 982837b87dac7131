/** A run that wipes disks and makes a pool is cut off: the next one ends it, or says what a person must decide. */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';
import { disk, STORAGE } from './storage.ts';

const KILLS = 8;
const CUTS = 2;
const [A, B] = [disk(0), disk(1)];
const ARGUMENTS = ['--wipe-disks', '--confirm', 'ZfsPool[whole]'];
const RUN = `/opt/phoenix/bin/phoenix setup --yes --no-color ${ARGUMENTS.join(' ').replace('ZfsPool[whole]', "'ZfsPool[whole]'")}`;

const MANIFEST = `version: 1
zfs:
  pools:
    - name: whole
      layout: mirror
      disks: [${A}, ${B}]
      properties: { comment: as wanted }
      rootProperties: { compression: lz4, mountpoint: /srv/whole }
`;

/** Two disks that hold something, and nothing left of the round before. */
const PREPARE = `
zpool destroy whole 2> /dev/null; rm -rf /var/lib/phoenix/backups/disks
for d in ${A} ${B}; do blkdiscard -fz $d; done; udevadm settle
mkfs.ext4 -q ${A}; printf 'label: gpt\\nsize=64M\\n' | sfdisk -q ${B}; udevadm settle
mkfs.ext4 -q ${B}-part1; udevadm settle; sync
`;

/** Whole, by the system's own tools: both disks in one mirror, every property, every block readable. */
const IS_WHOLE = allOf(
  'zpool scrub -w whole && zpool status whole | grep -q "errors: No known data errors"',
  'test "$(zpool list -Ho health whole)" = ONLINE',
  `test "$(zpool status -P whole | awk '/mirror-0|disk\\/by-id/ { printf "%s ", $1 }')" = 'mirror-0 ${A}-part1 ${B}-part1 '`,
  'test "$(zpool get -Ho value comment whole)" = "as wanted"',
  'test "$(zfs get -Ho value compression,mountpoint whole | paste -sd,)" = lz4,/srv/whole',
  'mountpoint -q /srv/whole',
);

/** In one go, because each login takes time. What the killed run had started ends by itself. */
const ROUND = `
sh /root/prepare.sh > /dev/null 2>&1
${RUN} > /dev/null 2>&1 & pid=$!
sleep "$1"; kill -9 $pid 2> /dev/null && echo killed; wait $pid 2> /dev/null
while pgrep -x zpool > /dev/null; do sleep 0.1; done
${RUN} > /run/next 2>&1; echo "exit code $?"; cat /run/next
`;

const NOT_IMPORTED = /refused: pool whole \(guid \d+, \w+\) is on disks of this host and is not imported: /;
const ASKS_TO_WIPE = /held back: needs --wipe-disks/;

describeLab('a run on disks that is cut off', STORAGE, (lab) => {
  let duration = 0;

  const arrange = async (): Promise<void> => {
    await lab.phoenix.manifest(MANIFEST);
    await lab.machine.writeFile('/root/prepare.sh', PREPARE);
  };

  before(async function () {
    this.timeout(900_000);
    await arrange();
    await lab.machine.writeFile('/root/round.sh', ROUND);
    await lab.machine.succeed('sh /root/prepare.sh');
    const began = Date.now();
    const { code, stdout, stderr } = await lab.phoenix.setup(ARGUMENTS);
    duration = (Date.now() - began) / 1000;
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(IS_WHOLE);
  });

  it(`is ended by the next, killed at ${KILLS} moments`, async function () {
    this.timeout(2_400_000);
    let killed = 0;
    for (let number = 0; number < KILLS; number += 1) {
      const after = ((number + Math.random()) / KILLS) * duration;
      const said = await lab.machine.succeed(`sh /root/round.sh ${after.toFixed(3)}`, { timeout: 600_000 });
      const where = `killed after ${after.toFixed(3)} of ${duration.toFixed(3)} s\n${said}`;
      assert.match(said, /^exit code 0$/m, where);
      await lab.machine.succeed(IS_WHOLE).catch((error: unknown) => {
        throw new Error(where, { cause: error });
      });
      if (said.includes('killed')) killed += 1;
    }
    assert.ok(killed >= KILLS / 2, `only ${killed} of the runs were still there to be killed`);
  });

  /** Without --wipe-disks nothing half made is taken for good, and with it the pool is made. */
  const judge = async (where: string): Promise<void> => {
    const safe = await lab.phoenix.setup();
    const said = `${where}\n${safe.stdout}${safe.stderr}`;
    if (safe.code === 4) {
      assert.match(safe.stdout, NOT_IMPORTED, said);
      return;
    }
    if (safe.code === 3) {
      assert.match(safe.stdout, ASKS_TO_WIPE, said);
      const wiped = await lab.phoenix.setup(ARGUMENTS);
      assert.equal(wiped.code, 0, `${said}\n${wiped.stdout}${wiped.stderr}`);
    } else assert.equal(safe.code, 0, said);
    await lab.machine.succeed(IS_WHOLE).catch((error: unknown) => {
      throw new Error(said, { cause: error });
    });
  };

  it(`is ended by the next on another start of the host, after the power was cut at ${CUTS} moments`, async function () {
    this.timeout(2_400_000);
    for (let number = 0; number < CUTS; number += 1) {
      // The writes are in the second half of the run.
      const share = 0.5 + (number + Math.random()) / (2 * CUTS);
      await lab.machine.succeed('sh /root/prepare.sh');
      await lab.machine.crashAfter(duration * 1000 * share, RUN);
      await lab.machine.reset({ keepSpares: true });
      await lab.phoenix.install();
      await arrange();
      await judge(`cut after ${share.toFixed(2)} of the run`);
    }
  });

  it('goes on from its own journal after a power cut', async function () {
    this.timeout(1_800_000);
    await lab.machine.succeed('sh /root/prepare.sh');
    // As soon as the first disk has been kept: between the backup and the end of the pool.
    await lab.machine.succeed(
      `${RUN} > /dev/null 2>&1 & until ls /var/lib/phoenix/backups/disks/*/*.img > /dev/null 2>&1; do :; done`,
      { timeout: 300_000 },
    );
    await lab.machine.crash();
    await lab.machine.start();
    await judge('cut after the first backup');
  });
});
