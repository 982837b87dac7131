import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const manifest = (...files: string[]): string =>
  `version: 1\nresources:\n${files.map((file) => `  - File: { ${file} }\n`).join('')}`;
const conf = (name: string): string =>
  String.raw`path: /etc/lab.${name}, content: "one\ntwo\n", owner: daemon, group: adm, mode: '0640'`;

const CONFS = ['text', 'binary', 'owner', 'group', 'mode', 'lost'];
const ALL = manifest(
  ...CONFS.map(conf),
  'path: /etc/lab.key, secret: { file: /etc/phoenix/secrets/lab }',
  'path: /etc/lab.payload, source: files/lab',
  "path: /etc/lab.theirs, mode: '0600'",
);
const allIsRight = [
  ...CONFS.flatMap((name) => [
    `printf "one\\ntwo\\n" | cmp - /etc/lab.${name}`,
    `test "$(stat -c "%U %G %a" /etc/lab.${name})" = "daemon adm 640"`,
  ]),
  'printf correct-horse | cmp - /etc/lab.key',
  'test "$(stat -c "%U %G %a" /etc/lab.key)" = "root root 600"',
  'test "$(stat -c "%U %G %a" /etc/lab.payload)" = "root root 644"',
  'test "$(stat -c "%U %G %a" /etc/lab.theirs)" = "daemon adm 600"',
  'grep -qx theirs /etc/lab.theirs',
];

describeLab('File', (lab) => {
  it('creates files, also with a secret and from a payload, and gives others only their mode', async () => {
    await lab.machine.succeed(
      allOf(
        'install -d /etc/phoenix/files; echo payload > /etc/phoenix/files/lab',
        'install -d -m 700 /etc/phoenix/secrets; umask 077; echo correct-horse > /etc/phoenix/secrets/lab',
        'echo theirs > /etc/lab.theirs; chown daemon:adm /etc/lab.theirs',
      ),
    );
    await lab.phoenix.manifest(ALL);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    assert.doesNotMatch(stdout + stderr, /correct-horse/);
    await lab.machine.succeed(allOf(...allIsRight, 'grep -qx payload /etc/lab.payload'));
  });

  it('has nothing to do the second time', async () => {
    await lab.machine.succeed('stat -c "%n %i %Y %Z" /etc/lab.* > /root/before');
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 9 resources/m);
    await lab.machine.succeed('stat -c "%n %i %Y %Z" /etc/lab.* | cmp - /root/before');
  });

  it('names everything that was changed by hand, and repairs it, showing no secret', async () => {
    await lab.machine.succeed(
      allOf(
        'echo three >> /etc/lab.text',
        '(head -c 299 /dev/urandom; printf "\\0") > /etc/lab.binary',
        'chown root /etc/lab.owner',
        'chgrp root /etc/lab.group',
        'chmod 666 /etc/lab.mode /etc/lab.theirs',
        'rm /etc/lab.lost',
        'echo battery-staple > /etc/lab.key',
        'echo changed > /etc/phoenix/files/lab',
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'File[/etc/lab.text]': /^ +-three$/m,
      'File[/etc/lab.binary]': /300 bytes/,
      'File[/etc/lab.owner]': /owner: root → daemon/,
      'File[/etc/lab.group]': /group: root → adm/,
      'File[/etc/lab.mode]': /mode: 0666 → 0640/,
      'File[/etc/lab.theirs]': /mode: 0666 → 0600/,
      'File[/etc/lab.lost]': /create \/etc\/lab\.lost/,
      'File[/etc/lab.key]': /content: \(secret, changed\)/,
      'File[/etc/lab.payload]': [/^ +-payload$/m, /^ +\+changed$/m],
    });
    await lab.machine.succeed(allOf('grep -q three /etc/lab.text', 'test ! -e /etc/lab.lost'));
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(
      allOf(
        ...allIsRight,
        'grep -qx changed /etc/lab.payload',
        'grep -rlx three /var/lib/phoenix/backups',
        '! grep -rl correct-horse /var/log /var/lib/phoenix --exclude-dir=backups',
        '! ls -A /etc | grep -i "phoenix[.-]"',
      ),
    );
    for (const { stdout, stderr } of [check, setup])
      assert.doesNotMatch(stdout + stderr, /correct-horse|battery-staple/);
  });

  it('refuses what is no file of its own, also below a symlink that a user planted', async () => {
    await lab.machine.succeed(
      allOf(
        'mkdir /etc/lab-dir; ln -s /etc/hostname /etc/lab-link; echo y > /etc/lab-hard; ln /etc/lab-hard /root/other',
        'useradd -m planter; ln -s /etc /home/planter/conf; chown -h planter: /home/planter/conf',
        'sha256sum /etc/hostname > /root/hostname.sum',
      ),
    );
    await lab.phoenix.manifest(
      manifest(
        'path: /etc/lab-dir, content: x',
        'path: /etc/lab-link, content: x',
        'path: /etc/lab-hard, content: x',
        "path: /etc/lab-none, mode: '0600'",
        'path: /home/planter/conf/lab.planted, content: x, owner: planter',
      ),
    );
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assertPlan(stdout, {
      'File[/etc/lab-dir]': /is a directory/,
      'File[/etc/lab-link]': /is a symlink/,
      'File[/etc/lab-hard]': /hard links/,
      'File[/etc/lab-none]': /does not exist/,
      'File[/home/planter/conf/lab.planted]': /symlink/,
    });
    await lab.machine.succeed(
      allOf(
        'test -d /etc/lab-dir && test -L /etc/lab-link && sha256sum -c /root/hostname.sum',
        'grep -qx y /root/other',
        'test ! -e /etc/lab.planted && test ! -e /etc/lab-none',
      ),
    );
  });

  it('removes a file, whose content is kept, and removes none twice', async () => {
    await lab.machine.succeed('echo precious > /etc/lab.old');
    await lab.phoenix.manifest(
      manifest('path: /etc/lab.old, ensure: absent', 'path: /etc/lab.never, ensure: absent'),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, { 'File[/etc/lab.old]': /remove \/etc\/lab\.old/ });
    await lab.machine.succeed('test -e /etc/lab.old');
    assert.equal((await lab.phoenix.setup()).code, 0);
    await lab.machine.succeed(allOf('test ! -e /etc/lab.old', 'grep -rlx precious /var/lib/phoenix/backups'));
  });
});
