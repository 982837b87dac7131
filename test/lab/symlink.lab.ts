import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

const manifest = (link: string): string => `version: 1\nresources:\n  - Symlink: { ${link} }\n`;

describeLab('Symlink', (lab) => {
  it('creates a symlink, and leaves it alone the second time', async () => {
    await lab.phoenix.manifest(manifest('path: /usr/local/bin/lab, target: /opt/lab/bin/lab'));
    assert.equal((await lab.phoenix.check()).code, 2);
    await lab.machine.fail('test -L /usr/local/bin/lab');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('test "$(readlink /usr/local/bin/lab)" = /opt/lab/bin/lab');
    await lab.machine.succeed('stat -c "%i %Y %Z" /usr/local/bin/lab > /root/before');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    assert.equal((await lab.phoenix.check()).code, 0);
    await lab.machine.succeed('stat -c "%i %Y %Z" /usr/local/bin/lab | cmp - /root/before');
  });

  it('points a symlink elsewhere, also one to a directory', async () => {
    await lab.machine.succeed('mkdir -p /srv/one; ln -sfn /srv/one /srv/link');
    await lab.phoenix.manifest(manifest('path: /srv/link, target: two'));
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assert.match(check.stdout, /Symlink\[\/srv\/link\]/);
    assert.match(check.stdout, /\/srv\/one/);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('test "$(readlink /srv/link)" = two');
    // `ln -sf` would have put the new link into the directory that the old one points to.
    await lab.machine.succeed('test -z "$(ls -A /srv/one)"');
  });

  it('is never without a target while it changes', async () => {
    await lab.machine.succeed('touch /srv/a /srv/b; ln -sfn /srv/a /srv/steady');
    await lab.machine.succeed(
      "systemd-run --unit=lab-watch /bin/sh -c 'while :; do [ -e /srv/steady ] || touch /root/was-away; done'",
    );
    for (const target of ['/srv/b', '/srv/a']) {
      await lab.phoenix.manifest(manifest(`path: /srv/steady, target: ${target}`));
      assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
      await lab.machine.succeed(`test "$(readlink /srv/steady)" = ${target}`);
    }
    await lab.machine.succeed('systemctl is-active lab-watch && systemctl stop lab-watch');
    await lab.machine.fail('test -e /root/was-away');
    await lab.machine.fail('ls -A /srv | grep phoenix');
  });

  it('refuses a real file and a real directory', async () => {
    await lab.machine.succeed(
      'echo mine > /srv/file; mkdir -p /srv/directory; echo mine > /srv/directory/inside',
    );
    for (const path of ['/srv/file', '/srv/directory']) {
      await lab.phoenix.manifest(manifest(`path: ${path}, target: elsewhere`));
      const setup = await lab.phoenix.setup(['--yes']);
      assert.equal(setup.code, 4);
      assert.match(setup.stdout, /not a symlink/);
    }
    await lab.machine.succeed('grep -qx mine /srv/file && grep -qx mine /srv/directory/inside');
  });

  it('replaces them when told, and keeps them in the backup', async () => {
    await lab.machine.succeed('echo old-file > /srv/file; mkdir -p /srv/directory');
    await lab.machine.succeed('echo old-inside > /srv/directory/inside');
    for (const path of ['/srv/file', '/srv/directory']) {
      await lab.phoenix.manifest(manifest(`path: ${path}, target: elsewhere, replace: true`));
      assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
      await lab.machine.succeed(`test "$(readlink ${path})" = elsewhere`);
    }
    await lab.machine.succeed('grep -rlx old-file /var/lib/phoenix/backups');
    await lab.machine.succeed('grep -rlx old-inside /var/lib/phoenix/backups');
  });

  it('removes a symlink and not what it points to', async () => {
    await lab.machine.succeed('echo kept > /srv/kept; ln -sfn /srv/kept /srv/unwanted');
    await lab.phoenix.manifest(manifest('path: /srv/unwanted, target: /srv/kept, ensure: absent'));
    assert.equal((await lab.phoenix.check()).code, 2);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.fail('test -L /srv/unwanted');
    await lab.machine.succeed('grep -qx kept /srv/kept');
    assert.equal((await lab.phoenix.check()).code, 0);
  });

  it('keeps a real file that should be absent as a symlink', async () => {
    await lab.machine.succeed('echo real > /srv/real');
    await lab.phoenix.manifest(manifest('path: /srv/real, target: x, ensure: absent'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 4);
    await lab.machine.succeed('grep -qx real /srv/real');
  });
});
