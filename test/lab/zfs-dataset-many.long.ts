/**
 * What reading hundreds of datasets costs: one process, and not what only creation can set (zfs-asked.ts). On an emulated
 * machine zfs(8) tells of 250 datasets in 4 s; with those four properties (version, utf8only, normalization, casesensitivity)
 * it takes 16 s: eight calls into the kernel for each dataset.
 */
import { strict as assert } from 'node:assert';
import { dataset, manifest } from './datasets.ts';
import { describeLab } from './describe-lab.ts';

describeLab('ZfsDataset, hundreds of them', (lab) => {
  before(async () => {
    await lab.machine.succeed('zpool create tank /dev/disk/by-id/virtio-spare-a');
  });

  it('reads 500 datasets with as many processes as 10', async () => {
    // Clones by a channel program take one transaction; OpenZFS 2.1 cannot make them so.
    await lab.machine.writeFile(
      '/root/many.lua',
      "for i = 1, 500 do assert(zfs.sync.clone('tank/many/one@0', 'tank/many/d' .. i) == 0) end",
    );
    await lab.machine.succeed(
      'zfs create -o canmount=off tank/many && zfs create -u tank/many/one && zfs snapshot tank/many/one@0 && ' +
        '{ zfs program tank /root/many.lua || seq 500 | xargs -P 4 -I{} zfs create -u tank/many/d{}; }',
      { timeout: 600_000 },
    );
    const checked = async (count: number): Promise<{ programs: string; seconds: number }> => {
      await lab.phoenix.manifest(
        manifest(
          ...Array.from({ length: count }, (_, index) =>
            dataset(
              `name: tank/many/d${index + 1}, properties: { compression: on, quota: none }, mounted: false`,
            ),
          ),
        ),
      );
      // The first run compiles the manifest; the second is the one of every day.
      await lab.machine.succeed('/opt/phoenix/bin/phoenix setup --check', { timeout: 300_000 });
      const seconds = await lab.machine.succeed(
        'TIMEFORMAT=%R; { time /opt/phoenix/bin/phoenix setup --check > /dev/null; } 2>&1',
        { timeout: 300_000 },
      );
      const programs = await lab.machine.succeed(
        'strace -f --seccomp-bpf -qq -e trace=execve -e signal=none -o /root/trace /opt/phoenix/bin/phoenix setup --check > /dev/null && ' +
          `sed -n 's/.*execve("\\([^"]*\\)".* = 0$/\\1/p' /root/trace | sort | uniq -c`,
        { timeout: 600_000 },
      );
      return { programs, seconds: Number(seconds) };
    };
    const [few, many] = [await checked(10), await checked(500)];
    console.log(`      10 datasets: ${few.seconds} s, 500: ${many.seconds} s; programs:\n${many.programs}`);
    assert.equal(many.programs, few.programs);
    assert.match(many.programs, /^ +1 \S*\/zfs$/m);
    assert.ok(many.seconds < few.seconds * 3, `${many.seconds} s against ${few.seconds} s`);
  });
});
