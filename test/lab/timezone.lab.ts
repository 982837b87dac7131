import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const manifest = (zone: string): string => `version: 1\nresources:\n  - Timezone: { zone: ${zone} }\n`;
const NEW_YORK = [
  'readlink /etc/localtime | grep -q "zoneinfo/America/New_York$"',
  'test "$(date -d 2026-01-15 +%z)" = -0500',
  'test ! -e /etc/timezone || grep -qx America/New_York /etc/timezone',
];

describeLab('Timezone', (lab) => {
  it('sets the zone', async () => {
    await lab.machine.succeed('ln -sfn /usr/share/zoneinfo/Etc/UTC /etc/localtime');
    await lab.phoenix.manifest(manifest('America/New_York'));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    assertPlan(stdout, { 'Timezone[system]': /\/etc\/localtime: Etc\/UTC → America\/New_York/ });
    await lab.machine.succeed(allOf(...NEW_YORK, 'timedatectl | grep -q "Time zone: America/New_York"'));
  });

  it('has nothing to do the second time, not even with the relative link of timedatectl', async () => {
    await lab.machine.succeed(
      'ln -sfn ../usr/share/zoneinfo/America/New_York /etc/localtime; rm -f /etc/timezone; stat -c "%i %Z" /etc/localtime > /root/before',
    );
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 1 resource /m);
    await lab.machine.succeed('stat -c "%i %Z" /etc/localtime | cmp - /root/before');
  });

  it('names and repairs what timedatectl, cp and rm have done', async () => {
    for (const [drift, told] of [
      [
        'timedatectl set-timezone Europe/Berlin && echo Europe/Berlin > /etc/timezone',
        [/\/etc\/localtime: Europe\/Berlin → /, /\/etc\/timezone: Europe\/Berlin → /],
      ],
      [
        'rm /etc/localtime && cp /usr/share/zoneinfo/Europe/Berlin /etc/localtime',
        /\/etc\/localtime: file → America\/New_York/,
      ],
      ['rm /etc/localtime', /\/etc\/localtime: absent → America\/New_York/],
    ] as const) {
      await lab.machine.succeed(drift);
      const { code, stdout, stderr } = await lab.phoenix.setup();
      assert.equal(code, 0, stdout + stderr);
      assertPlan(stdout, { 'Timezone[system]': told });
      await lab.machine.succeed(allOf(...NEW_YORK));
    }
    await lab.machine.succeed('echo Europe/Berlin > /etc/timezone');
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, { 'Timezone[system]': /\/etc\/timezone: Europe\/Berlin → America\/New_York/ });
  });

  it('refuses a zone that is not installed, and leaves the old one', async () => {
    await lab.phoenix.manifest(manifest('Europe/Nowhere'));
    await lab.machine.succeed('readlink /etc/localtime > /root/before');
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assert.match(stdout, /no time zone Europe\/Nowhere/);
    await lab.machine.succeed('readlink /etc/localtime | cmp - /root/before');
  });
});
