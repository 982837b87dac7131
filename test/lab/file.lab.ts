import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

const manifest = (...files: string[]): string =>
  `version: 1\nresources:\n${files.map((file) => `  - File: { ${file} }\n`).join('')}`;

const CONF = String.raw`path: /etc/lab.conf, content: "one\ntwo\n", owner: daemon, group: adm, mode: '0640'`;

describeLab('File', (lab) => {
  const repairs = async (property: RegExp): Promise<void> => {
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assert.match(check.stdout, /File\[\/etc\/lab\.conf\]/);
    assert.match(check.stdout, property);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('printf "one\\ntwo\\n" | cmp - /etc/lab.conf');
    await lab.machine.succeed('test "$(stat -c "%U %G %a" /etc/lab.conf)" = "daemon adm 640"');
  };

  it('creates a file, and leaves it alone the second time', async () => {
    await lab.phoenix.manifest(manifest(CONF));
    await repairs(/content/);
    await lab.machine.succeed('stat -c "%i %Y %Z" /etc/lab.conf > /root/before');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    assert.equal((await lab.phoenix.check()).code, 0);
    await lab.machine.succeed('stat -c "%i %Y %Z" /etc/lab.conf | cmp - /root/before');
  });

  it('repairs the content', async () => {
    await lab.phoenix.manifest(manifest(CONF));
    await lab.machine.succeed('echo three >> /etc/lab.conf');
    await repairs(/three/);
    await lab.machine.succeed('grep -rlx three /var/lib/phoenix/backups');
  });

  it('repairs binary content', async () => {
    await lab.phoenix.manifest(manifest(CONF));
    await lab.machine.succeed('head -c 300 /dev/urandom > /etc/lab.conf');
    await repairs(/300 bytes/);
  });

  it('repairs owner, group and mode', async () => {
    await lab.phoenix.manifest(manifest(CONF));
    await lab.machine.succeed('chown root /etc/lab.conf');
    await repairs(/owner/);
    await lab.machine.succeed('chgrp root /etc/lab.conf');
    await repairs(/group/);
    await lab.machine.succeed('chmod 666 /etc/lab.conf');
    await repairs(/mode/);
  });

  it('makes a removed file again', async () => {
    await lab.phoenix.manifest(manifest(CONF));
    await lab.machine.succeed('rm /etc/lab.conf');
    await repairs(/create/);
  });

  it('refuses a directory, a symlink and a file with hard links', async () => {
    await lab.phoenix.manifest(
      manifest(
        'path: /etc/lab-dir, content: x',
        'path: /etc/lab-link, content: x',
        'path: /etc/lab-hard, content: x',
      ),
    );
    await lab.machine.succeed(
      'mkdir /etc/lab-dir; ln -s /etc/hostname /etc/lab-link; echo y > /etc/lab-hard; ln /etc/lab-hard /root/other',
    );
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 4);
    assert.match(setup.stdout, /is a directory/);
    assert.match(setup.stdout, /is a symlink/);
    assert.match(setup.stdout, /hard links/);
    await lab.machine.succeed('test -d /etc/lab-dir && test -L /etc/lab-link && grep -qx y /root/other');
    await lab.machine.succeed('rm -r /etc/lab-dir /etc/lab-link /etc/lab-hard /root/other');
  });

  it('writes a secret that nothing shows', async () => {
    await lab.machine.succeed('install -d -m 700 /etc/phoenix/secrets');
    await lab.machine.succeed('umask 077; echo correct-horse > /etc/phoenix/secrets/lab');
    const secret = manifest('path: /etc/lab.key, secret: { file: /etc/phoenix/secrets/lab }');
    await lab.phoenix.manifest(secret);
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 0);
    await lab.machine.succeed('printf correct-horse | cmp - /etc/lab.key');
    await lab.machine.succeed('test "$(stat -c "%U %a" /etc/lab.key)" = "root 600"');
    await lab.machine.succeed('echo battery-staple > /etc/lab.key');
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    for (const output of [setup, check])
      assert.doesNotMatch(output.stdout + output.stderr, /correct-horse|battery-staple/);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('printf correct-horse | cmp - /etc/lab.key');
    await lab.machine.fail('grep -rl correct-horse /var/log /var/lib/phoenix --exclude-dir=backups');
  });

  it('takes the content of a payload file', async () => {
    await lab.machine.succeed('install -d /etc/phoenix/files; echo payload > /etc/phoenix/files/lab');
    await lab.phoenix.manifest(manifest('path: /etc/lab.payload, source: files/lab'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('grep -qx payload /etc/lab.payload');
    await lab.machine.succeed('echo changed > /etc/phoenix/files/lab');
    assert.equal((await lab.phoenix.check()).code, 2);
  });

  it('manages only the mode of a file that others write', async () => {
    await lab.machine.succeed('echo theirs > /etc/lab.theirs; chown daemon:adm /etc/lab.theirs');
    await lab.phoenix.manifest(manifest("path: /etc/lab.theirs, mode: '0600'"));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('test "$(stat -c "%U %G %a" /etc/lab.theirs)" = "daemon adm 600"');
    await lab.machine.succeed('grep -qx theirs /etc/lab.theirs');
  });

  it('removes a file, whose content is kept, and removes none twice', async () => {
    await lab.machine.succeed('echo precious > /etc/lab.old');
    await lab.phoenix.manifest(manifest('path: /etc/lab.old, ensure: absent'));
    assert.equal((await lab.phoenix.check()).code, 2);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.fail('test -e /etc/lab.old');
    await lab.machine.succeed('grep -rlx precious /var/lib/phoenix/backups');
    assert.equal((await lab.phoenix.check()).code, 0);
  });

  it('does not write through a symlink that a user planted', async () => {
    await lab.machine.succeed('useradd -m planter; ln -s /etc /home/planter/conf');
    await lab.machine.succeed('chown -h planter: /home/planter/conf');
    await lab.phoenix.manifest(manifest('path: /home/planter/conf/lab.planted, content: x, owner: planter'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 4);
    await lab.machine.fail('test -e /etc/lab.planted');
  });
});
