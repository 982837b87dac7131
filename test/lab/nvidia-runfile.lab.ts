import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';

const KERNEL = '9.9.9-lab';
const FOLDER = '/var/lib/phoenix/nvidia-runfiles';

const driver = (version: string, sha256: string): string =>
  `{ source: runfile, version: '${version}', url: 'http://127.0.0.1:8099/${version}.run', sha256: ${sha256} }`;
const manifest = (fields: string): string =>
  `version: 1\nnvidia:\n  whenAbsent: install\n  driver: ${fields}\n`;

const built = (version: string): string =>
  `dkms status | grep -qx 'nvidia/${version}, ${KERNEL}, x86_64: installed'`;
const onDisk = (version: string): string => `test "$(modinfo -k ${KERNEL} -F version nvidia)" = ${version}`;

describeLab("NVIDIA's own installer", (lab) => {
  const sums = new Map<string, string>();
  const sumOf = (version: string): string => sums.get(version) ?? '';

  before(async () => {
    for (const name of ['packages.sh', 'runfiles.sh'])
      await lab.machine.copyIn(join(import.meta.dirname, 'nvidia', name), `/root/${name}`);
    await lab.machine.succeed('bash /root/packages.sh && bash /root/runfiles.sh');
    for (const version of ['580.1', '590.1']) {
      const said = await lab.machine.succeed(`sha256sum /srv/runfiles/${version}.run`);
      sums.set(version, said.split(' ')[0] ?? '');
    }
  });

  it('runs nothing of an installer that is not what it must be', async () => {
    await lab.phoenix.manifest(manifest(driver('580.1', 'c'.repeat(64))));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4, stdout);
    assert.match(stdout, /is not what it must be: expected the SHA-256 sum c+, found [0-9a-f]{64}/);
    await lab.machine.succeed(
      allOf('! test -e /root/asked', `! ls ${FOLDER} | grep .`, '! test -e /usr/bin/nvidia-uninstall'),
    );
  });

  it('goes on with a download that broke off, runs it, and has nothing to do the second time', async () => {
    const part = `${FOLDER}/${sumOf('580.1')}.run.part`;
    await lab.machine.succeed(`head -c 400 /srv/runfiles/580.1.run > ${part} && rm -f /root/requests`);
    await lab.phoenix.manifest(manifest(driver('580.1', sumOf('580.1'))));
    const first = await lab.phoenix.setup();
    assert.equal(first.code, 0, first.stdout + first.stderr);
    await lab.machine.succeed(
      allOf(
        'grep -qx "/580.1.run bytes=400-" /root/requests && test "$(wc -l < /root/requests)" = 1',
        built('580.1'),
        onDisk('580.1'),
        `test ! -e ${part} && sha256sum ${FOLDER}/*.run | grep -q ${sumOf('580.1')}`,
        `grep -qx '580.1 --silent --dkms --no-x-check --no-opengl-files --kernel-name=${KERNEL} --no-rebuild-initramfs --skip-module-load --allow-installation-with-running-driver' /root/asked`,
      ),
    );
    const second = await lab.phoenix.setup();
    assert.deepEqual([second.code, second.stdout], [0, ''], second.stderr);
  });

  it('keeps the old driver when the new one cannot be built', async () => {
    await lab.machine.succeed('rm /root/asked');
    await lab.phoenix.manifest(manifest(driver('590.1', sumOf('590.1'))));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4, stdout);
    assert.match(stdout, /cannot be built for 9\.9\.9-lab, and was not installed; the old driver stays/);
    await lab.machine.succeed(
      allOf(
        built('580.1'),
        onDisk('580.1'),
        '! grep silent /root/asked',
        '! test -e /var/lib/phoenix/nvidia',
      ),
    );
  });

  it('is not run over packages, nor they over it, and is removed by its own uninstaller', async () => {
    await lab.phoenix.manifest(manifest("{ version: '550' }"));
    const refused = await lab.phoenix.check();
    assert.match(refused.stdout, /refused: the driver that is here was installed by NVIDIA's own installer/);
    await lab.phoenix.manifest(manifest('{ source: runfile, ensure: absent }'));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        '! dkms status | grep nvidia',
        '! test -e /usr/bin/nvidia-uninstall',
        `! find /lib/modules/${KERNEL} | grep nvidia`,
      ),
    );
  });
});
