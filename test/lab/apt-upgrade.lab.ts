import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const CONF = '/etc/phoenix-test-conf.conf';
const STAMP = '/var/lib/apt/periodic/update-success-stamp';
const KERNEL = 'linux-image-phoenix-test';
const manifest = (fields: string): string => `version: 1\ninitial:\n  apt: { ${fields} }\n`;
const version = (name: string, expected: string): string =>
  `test "$(dpkg-query -W -f '\${Version}' ${name})" = ${expected}`;

/** A package of nothing but its entry. */
const build = (name: string, at: string, ...versions: string[]): string =>
  versions
    .map(
      (one) =>
        `mkdir -p /tmp/p/DEBIAN ${at} && printf 'Package: ${name}\\nVersion: ${one}\\nArchitecture: all\\nMaintainer: lab <l@e>\\nDescription: test\\n' > /tmp/p/DEBIAN/control && dpkg-deb --root-owner-group --build /tmp/p ${at}/${name}_${one}_all.deb`,
    )
    .join(' && ');

const RELEASE = `cd /srv/security && dpkg-scanpackages . > Packages 2>/dev/null && {
  printf 'Origin: Debian\\nLabel: Debian-Security\\nSuite: stable-security\\nVersion: 13\\nDate: %s\\nSHA256:\\n' "$(date -uR)"
  printf ' %s %s Packages\\n' "$(sha256sum Packages | cut -d' ' -f1)" "$(stat -c %s Packages)"
} > Release`;

describeLab('AptLists and AptUpgrade', (lab) => {
  const setup = async (text: string, code: number): Promise<string> => {
    await lab.phoenix.manifest(text);
    const { code: found, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(found, code, stdout + stderr);
    return stdout;
  };

  before(async () => {
    await lab.machine.succeed(
      allOf(
        build(KERNEL, '/srv/apt', '1.0', '1.1'),
        build('phoenix-test-sec', '/srv/security', '1.1'),
        build('phoenix-test-sec', '/srv/apt', '1.0'),
        'cd /srv/apt && dpkg-scanpackages --multiversion . > Packages 2>/dev/null',
        RELEASE,
        'echo "deb [trusted=yes] file:/srv/security ./" > /etc/apt/sources.list.d/security.list',
        'apt-get -q update',
        `DEBIAN_FRONTEND=noninteractive apt-get -y install phoenix-test-{hello,conf,sec}=1.0 ${KERNEL}=1.0`,
        `echo mine > ${CONF}`,
      ),
    );
  });

  it('upgrades what is a matter of security, and nothing else', async () => {
    const stdout = await setup(manifest('upgrade: security'), 0);
    assert.match(stdout, /upgrade 1 package \(phoenix-test-sec\)/);
    await lab.machine.succeed(
      allOf(version('phoenix-test-sec', '1.1'), version('phoenix-test-hello', '1.0'), `test -e ${STAMP}`),
    );
    const again = await lab.phoenix.setup(['--verbose']);
    assert.equal(again.code, 0);
    assert.match(again.stdout, /^In sync: 2 resources/m);
  });

  it('upgrades everything but kernels and what is held or pinned, and keeps a local conffile', async () => {
    await lab.machine.succeed('apt-mark hold phoenix-test-sec');
    const text = manifest("upgrade: full, packages: [{ name: phoenix-test-hello, version: '1.0' }]");
    await lab.phoenix.manifest(text);
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, { 'AptUpgrade[system]': /phoenix-test-conf: 1\.0 → 1\.1/ });
    assert.match(check.stdout, /held back: .*linux-image-phoenix-test/);
    const stdout = await setup(text, 0);
    assert.match(stdout, /kept the local \/etc\/phoenix-test-conf\.conf .*see .*\.dpkg-dist/);
    await lab.machine.succeed(
      allOf(
        version('phoenix-test-conf', '1.1'),
        version('phoenix-test-hello', '1.0'),
        version(KERNEL, '1.0'),
        `grep -qx mine ${CONF}`,
        `grep -q 1.1 ${CONF}.dpkg-dist`,
      ),
    );
  });

  it('upgrades the kernel when told', async () => {
    await setup(manifest('upgrade: full, upgradeKernel: true'), 0);
    await lab.machine.succeed(allOf(version(KERNEL, '1.1'), version('phoenix-test-hello', '1.1')));
  });

  it('fetches lists that are too old, and tries again while a source does not answer', async () => {
    await lab.machine.succeed(
      allOf(
        `touch -d '3 days ago' ${STAMP}`,
        'echo "deb [trusted=yes] http://127.0.0.1:9/debian ./" > /etc/apt/sources.list.d/gone.list',
      ),
    );
    const text = manifest('listsMaxAge: 2d');
    await lab.phoenix.manifest(text);
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, { 'AptLists[system]': /fetch the package lists again/ });
    assert.match(await setup(text, 4), /^AptLists\[system\]: failed: .*check the address/m);
    await lab.machine.succeed('rm /etc/apt/sources.list.d/gone.list');
    await setup(text, 0);
    await lab.machine.succeed(`test "$(find ${STAMP} -mmin -5)"`);
  });
});
