import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const manifest = (...groups: string[]): string =>
  `version: 1\nresources:\n${groups.map((group) => `  - UnixGroup: { ${group} }\n`).join('')}`;

describeLab('UnixGroup', (lab) => {
  it('creates groups', async () => {
    await lab.phoenix.manifest(
      manifest('name: media, gid: 2000', 'name: agents, system: true', 'name: team'),
    );
    assert.equal((await lab.phoenix.check()).code, 2);
    await lab.machine.fail('getent group media');
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        'getent group media | grep -qx "media:x:2000:"',
        'test "$(getent group agents | cut -d: -f3)" -lt 1000',
        'test "$(getent group team | cut -d: -f3)" -ge 1000',
      ),
    );
  });

  it('has nothing to do the second time', async () => {
    await lab.machine.succeed('cp -p /etc/group /root/group.before');
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 3 resources/m);
    await lab.machine.succeed('cmp /etc/group /root/group.before');
  });

  it('makes a group again that somebody removed, but does not change the number of one that has files', async () => {
    await lab.machine.succeed(allOf('groupdel team', 'groupmod -g 2111 media'));
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'UnixGroup[team]': /create group team/,
      'UnixGroup[media]': /refused: .*gid 2111/,
    });
    assert.equal((await lab.phoenix.setup()).code, 4);
    await lab.machine.succeed(allOf('getent group team', 'getent group media | grep -q :2111:'));
  });

  it('removes a group, but not the primary group of a user', async () => {
    await lab.machine.succeed('groupadd oldteam; groupadd kept; useradd -M -N -g kept keeper');
    await lab.phoenix.manifest(
      manifest(
        'name: oldteam, ensure: absent',
        'name: kept, ensure: absent',
        'name: never-was, ensure: absent',
      ),
    );
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assertPlan(stdout, {
      'UnixGroup[oldteam]': /remove group oldteam/,
      'UnixGroup[kept]': /refused: .*keeper/,
    });
    await lab.machine.succeed(allOf('! getent group oldteam', 'getent group kept', 'userdel keeper'));
    assert.equal((await lab.phoenix.setup()).code, 0);
    await lab.machine.fail('getent group kept');
  });
});
