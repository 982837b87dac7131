import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

const manifest = (groups: string): string => `version: 1\nresources:\n${groups}`;

describeLab('UnixGroup', (lab) => {
  const media = manifest(
    `  - UnixGroup: { name: media, gid: 2000 }\n  - UnixGroup: { name: agents, system: true }\n`,
  );

  it('creates groups, and has nothing to do the second time', async () => {
    await lab.phoenix.manifest(media);
    assert.equal((await lab.phoenix.check()).code, 2);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('getent group media | grep -qx "media:x:2000:"');
    await lab.machine.succeed('test "$(getent group agents | cut -d: -f3)" -lt 1000');
    assert.equal((await lab.phoenix.check()).code, 0);
    await lab.machine.succeed('cp -p /etc/group /root/group.before');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('cmp /etc/group /root/group.before');
  });

  it('makes a group again that somebody removed', async () => {
    await lab.phoenix.manifest(media);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('groupdel media');
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assert.match(check.stdout, /UnixGroup\[media\]/);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('getent group media');
  });

  it('does not change the number of a group that has files', async () => {
    await lab.phoenix.manifest(media);
    await lab.machine.succeed('groupdel media; groupadd -g 2111 media');
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 4);
    assert.match(setup.stdout, /2111/);
    await lab.machine.succeed('getent group media | grep -q :2111:');
    await lab.machine.succeed('groupdel media');
  });

  it('removes a group, but not the primary group of a user', async () => {
    await lab.machine.succeed('groupadd -f oldteam; groupadd -f kept; useradd -M -N -g kept keeper');
    await lab.phoenix.manifest(
      manifest(
        '  - UnixGroup: { name: oldteam, ensure: absent }\n  - UnixGroup: { name: kept, ensure: absent }\n',
      ),
    );
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 4);
    assert.match(setup.stdout, /keeper/);
    await lab.machine.fail('getent group oldteam');
    await lab.machine.succeed('getent group kept');
    await lab.machine.succeed('userdel keeper');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.fail('getent group kept');
  });
});
