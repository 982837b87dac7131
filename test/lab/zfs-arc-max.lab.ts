import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const manifest = (fields: string): string => `version: 1\nresources:\n  - ZfsArcMax: { ${fields} }\n`;

const FOLDER = '/etc/modprobe.d';
const OWN = `${FOLDER}/phoenix-zfs.conf`;
const MIB = 1024 * 1024;
const MAX = 512 * MIB;
const MIN = 128 * MIB;

const effective = (name: string, value: number): string =>
  `test "$(awk '$1 == "c_${name}" { print $3 }' /proc/spl/kstat/zfs/arcstats)" = ${value}`;
/** What the module gets when it is loaded the next time, by modprobe's own account. */
const persisted = (...words: string[]): string =>
  `test "$(modprobe --showconfig | grep '^options zfs ' | cut -d' ' -f3- | xargs)" = '${words.join(' ')}'`;
const write = (name: string, value: number): string =>
  `echo ${value} > /sys/module/zfs/parameters/zfs_arc_${name}`;

const UPDATE_INITRAMFS = `#!/bin/sh
echo "$*" >> /root/rebuilt
cd / && image=boot/initrd.img-$3
{ find etc/modprobe.d | cpio --quiet -o -H newc; cat $image; } > $image.new && mv $image.new $image
`;

describeLab('ZfsArcMax', (lab) => {
  it('sets what the cache goes by, and what the module gets at boot', async () => {
    await lab.machine.succeed(
      allOf('modprobe zfs', 'test "$(cat /sys/module/zfs/parameters/zfs_arc_max)" = 0'),
    );
    await lab.phoenix.manifest(manifest('max: 512MiB, min: 128MiB'));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        effective('max', MAX),
        effective('min', MIN),
        persisted(`zfs_arc_max=${MAX}`, `zfs_arc_min=${MIN}`),
        `test "$(stat -c '%a %U %G' ${OWN})" = '644 root root'`,
      ),
    );
  });

  it('has nothing to do the second time, nor when a value was written that zfs ignored', async () => {
    await lab.machine.succeed(
      allOf(
        write('max', 1),
        'test "$(cat /sys/module/zfs/parameters/zfs_arc_max)" = 1',
        effective('max', MAX),
      ),
    );
    await lab.machine.succeed(`stat -c '%n %i %Y' ${FOLDER}/* > /root/before`);
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^In sync: 1 resource/m);
    await lab.machine.succeed(
      allOf(
        `stat -c '%n %i %Y' ${FOLDER}/* | cmp - /root/before`,
        'test "$(cat /sys/module/zfs/parameters/zfs_arc_max)" = 1',
      ),
    );
  });

  it('names each state that was changed by hand, and repairs it; the boot has it too', async () => {
    await lab.machine.succeed(
      allOf(write('max', 800 * MIB), write('min', 600 * MIB), `sed -i 's/=${MAX}/=77777777/' ${OWN}`),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2, check.stdout);
    assertPlan(check.stdout, {
      'ZfsArcMax[system]': [
        /live max: 838860800 → 536870912/,
        /live min: 629145600 → 134217728/,
        /^ +-options zfs zfs_arc_max=77777777$/m,
      ],
    });
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    const right = [effective('max', MAX), effective('min', MIN)];
    await lab.machine.succeed(allOf(...right, persisted(`zfs_arc_max=${MAX}`, `zfs_arc_min=${MIN}`)));
    // Loaded anew, as the boot does it.
    await lab.machine.succeed(allOf('systemctl stop zfs-zed && modprobe -r zfs && modprobe zfs', ...right));
  });

  it("edits the installer's line in place, lowers a minimum in the way, and rebuilds the initramfs once", async () => {
    await lab.machine.succeed(
      allOf(
        `rm ${OWN}`,
        `printf '# kept\\noptions zfs zfs_txg_timeout=7 zfs_arc_max=99999999\\n' > ${FOLDER}/zfs.conf`,
        // as a machine that loads zfs there has it; the real rebuild takes four minutes here, so this one only says
        // when it was run, and puts the files of modprobe.d before what is in there
        'echo zfs >> /etc/initramfs-tools/modules',
        `cat > /usr/sbin/update-initramfs <<'END'\n${UPDATE_INITRAMFS}END`,
      ),
    );
    // below a 32nd of the memory, which is the minimum unless it is set
    await lab.phoenix.manifest(manifest('max: 72MiB'));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        effective('max', 72 * MIB),
        effective('min', 36 * MIB),
        `grep -qx '# kept' ${FOLDER}/zfs.conf`,
        `grep -qx 'options zfs zfs_txg_timeout=7 zfs_arc_max=${72 * MIB}' ${FOLDER}/zfs.conf`,
        `grep -qx 'options zfs zfs_arc_min=${36 * MIB}' ${OWN}`,
        `test "$(grep -l zfs_arc_max ${FOLDER}/*)" = ${FOLDER}/zfs.conf`,
        'systemctl stop zfs-zed && modprobe -r zfs && modprobe zfs',
        effective('max', 72 * MIB),
        effective('min', 36 * MIB),
        `test "$(cat /root/rebuilt)" = "-u -k $(uname -r)"`,
        'lsinitramfs /boot/initrd.img-$(uname -r) | grep -qx etc/modprobe.d/phoenix-zfs.conf',
      ),
    );
  });

  it('writes the file alone while the module is not loaded, remarks on more than half, and refuses all of it', async () => {
    await lab.machine.succeed(
      `systemctl stop zfs-zed && modprobe -r zfs && rm ${OWN} ${FOLDER}/zfs.conf && sed -i /zfs/d /etc/initramfs-tools/modules`,
    );
    await lab.phoenix.manifest(manifest('max: 60%'));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /the module zfs is not loaded, so nothing is in effect now/);
    assert.match(stdout, /^# ZfsArcMax\[system\]: the cache may take .* more than half of the memory/m);
    await lab.machine.succeed(
      allOf(
        '! grep -q ^zfs /proc/modules',
        'modprobe zfs',
        `test "$(awk '$1 == "c_max" { print $3 }' /proc/spl/kstat/zfs/arcstats)" = "$(sed -n 's/.*zfs_arc_max=//p' ${OWN})"`,
      ),
    );
    await lab.phoenix.manifest(manifest('max: 8GiB'));
    const refused = await lab.phoenix.setup();
    assert.equal(refused.code, 4, refused.stdout);
    assertPlan(refused.stdout, {
      'ZfsArcMax[system]': /refused: max is 8 GiB, and this host has .* of memory/,
    });
    await lab.machine.succeed(`! grep -q ${8 * 1024 * MIB} ${OWN}`);
  });
});
