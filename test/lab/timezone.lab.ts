import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

const manifest = (zone: string): string => `version: 1\nresources:\n  - Timezone: { zone: ${zone} }\n`;
const isZone = (zone: string, offset: string): string =>
  `readlink /etc/localtime | grep -q "zoneinfo/${zone}$" && test "$(date -d 2026-01-15 +%z)" = ${offset}`;

describeLab('Timezone', (lab) => {
  it('sets the zone, and has nothing to do the second time', async () => {
    await lab.machine.succeed('ln -sfn /usr/share/zoneinfo/Etc/UTC /etc/localtime');
    await lab.phoenix.manifest(manifest('America/New_York'));
    assert.equal((await lab.phoenix.check()).code, 2);
    await lab.machine.succeed(isZone('Etc/UTC', '+0000'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed(isZone('America/New_York', '-0500'));
    await lab.machine.succeed('test ! -e /etc/timezone || grep -qx America/New_York /etc/timezone');
    await lab.machine.succeed('timedatectl | grep -q "Time zone: America/New_York"');
    await lab.machine.succeed('stat -c "%i %Z" /etc/localtime > /root/before');
    assert.equal((await lab.phoenix.check()).code, 0);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('stat -c "%i %Z" /etc/localtime | cmp - /root/before');
  });

  it('repairs what timedatectl, cp and rm have done', async () => {
    await lab.phoenix.manifest(manifest('America/New_York'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    for (const drift of [
      'timedatectl set-timezone Europe/Berlin',
      'rm /etc/localtime && cp /usr/share/zoneinfo/Europe/Berlin /etc/localtime',
      'rm /etc/localtime',
      'echo Europe/Berlin > /etc/timezone',
    ]) {
      await lab.machine.succeed(drift);
      const check = await lab.phoenix.check();
      assert.equal(check.code, 2, drift);
      assert.match(check.stdout, /Timezone\[system\]/);
      assert.equal((await lab.phoenix.setup(['--yes'])).code, 0, drift);
      await lab.machine.succeed(isZone('America/New_York', '-0500'));
      await lab.machine.succeed('test ! -e /etc/timezone || grep -qx America/New_York /etc/timezone');
    }
  });

  it('takes the relative link of timedatectl for in sync', async () => {
    await lab.machine.succeed(
      'ln -sfn ../usr/share/zoneinfo/America/New_York /etc/localtime; rm -f /etc/timezone',
    );
    await lab.phoenix.manifest(manifest('America/New_York'));
    assert.equal((await lab.phoenix.check()).code, 0);
  });

  it('refuses a zone that is not installed, and leaves the old one', async () => {
    await lab.phoenix.manifest(manifest('Europe/Nowhere'));
    await lab.machine.succeed('readlink /etc/localtime > /root/before');
    const setup = await lab.phoenix.setup(['--yes']);
    assert.notEqual(setup.code, 0);
    assert.match(setup.stdout, /no time zone Europe\/Nowhere/);
    await lab.machine.succeed('readlink /etc/localtime | cmp - /root/before');
  });
});
