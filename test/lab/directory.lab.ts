import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

const manifest = (...directories: string[]): string =>
  `version: 1\nresources:\n${directories.map((one) => `  - Directory: { ${one} }\n`).join('')}`;

describeLab('Directory', (lab) => {
  const stat = async (path: string, expected: string): Promise<void> => {
    await lab.machine.succeed(`test "$(stat -c '%F %U %G %a' ${path})" = "directory ${expected}"`);
  };
  const repairs = async (ref: RegExp, property: RegExp): Promise<void> => {
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assert.match(check.stdout, ref);
    assert.match(check.stdout, property);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    assert.equal((await lab.phoenix.check()).code, 0);
  };

  const plain = manifest("path: /srv/lab, owner: daemon, group: adm, mode: '2770'", 'path: /srv/lab/inner');

  it('creates directories one below the other, and leaves them alone the second time', async () => {
    await lab.phoenix.manifest(plain);
    await repairs(/Directory\[\/srv\/lab\]/, /create/);
    await stat('/srv/lab', 'daemon adm 2770');
    await stat('/srv/lab/inner', 'root root 755');
    await lab.machine.succeed('stat -c "%i %Z" /srv/lab > /root/before');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('stat -c "%i %Z" /srv/lab | cmp - /root/before');
  });

  it('repairs owner, group and mode, and nothing below', async () => {
    await lab.phoenix.manifest(plain);
    await lab.machine.succeed(
      'touch /srv/lab/file; chmod 604 /srv/lab/file; chown games:games /srv/lab/file',
    );
    for (const [command, property] of [
      ['chown root /srv/lab', /owner/],
      ['chgrp root /srv/lab', /group/],
      ['chmod 777 /srv/lab', /mode/],
      ['chmod g-s /srv/lab', /mode/],
    ] as const) {
      await lab.machine.succeed(command);
      await repairs(/Directory\[\/srv\/lab\]/, property);
      await stat('/srv/lab', 'daemon adm 2770');
    }
    await lab.machine.succeed('test "$(stat -c "%U %G %a" /srv/lab/file)" = "games games 604"');
  });

  it('sets an ACL and a default ACL, and repairs both', async () => {
    await lab.phoenix.manifest(
      manifest(
        "path: /srv/acl, mode: '2750', acl: ['user:games:rwx', 'group:adm:r-x'], defaultAcl: ['user:games:rw-', 'other::---']",
      ),
    );
    await repairs(/Directory\[\/srv\/acl\]/, /create/);
    const isRight = async (): Promise<void> => {
      await lab.machine.succeed(
        [
          'getfacl -cpE /srv/acl | grep -v "^$" | sort > /root/acl',
          'printf "%s\\n" user::rwx user:games:rwx group::r-x group:adm:r-x mask::rwx other::--- ' +
            'default:user::rwx default:user:games:rw- default:group::r-x default:mask::rwx default:other::--- | sort | diff - /root/acl',
        ].join('; '),
      );
      await lab.machine.succeed('test -g /srv/acl');
    };
    await isRight();
    for (const command of [
      'setfacl -x u:games /srv/acl',
      'setfacl -m u:daemon:rwx /srv/acl',
      'setfacl -m m::r-x /srv/acl',
      'setfacl -b /srv/acl',
      'setfacl -k /srv/acl',
      'setfacl -d -m u:daemon:rwx /srv/acl',
      'chmod 2700 /srv/acl',
      'chmod g-s /srv/acl',
    ]) {
      await lab.machine.succeed(command);
      await repairs(/Directory\[\/srv\/acl\]/, /acl|mode/i);
      await isRight();
    }
  });

  it('makes a directory without the ACL that it would inherit', async () => {
    await lab.machine.succeed('mkdir /srv/heirs; setfacl -d -m u:games:rwx /srv/heirs');
    await lab.phoenix.manifest(manifest('path: /srv/heirs/a, acl: [], defaultAcl: []'));
    await repairs(/Directory\[\/srv\/heirs\/a\]/, /create/);
    await lab.machine.fail('getfacl -cp /srv/heirs/a | grep games');
  });

  it('makes nothing below an empty mount point', async () => {
    await lab.machine.succeed('mkdir /srv/mount');
    await lab.phoenix.manifest(manifest('path: /srv/mount/a, requireMountpoint: /srv/mount'));
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 4);
    assert.match(setup.stdout, /\/srv\/mount is not mounted/);
    await lab.machine.fail('test -e /srv/mount/a');
    await lab.machine.succeed('mount -t tmpfs none /srv/mount');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('test -d /srv/mount/a');
    await lab.machine.succeed('umount /srv/mount');
    await lab.machine.fail('test -e /srv/mount/a');
  });

  it('refuses a file and a symlink in its place', async () => {
    await lab.machine.succeed('touch /srv/file; ln -s /etc /srv/link');
    await lab.phoenix.manifest(manifest("path: /srv/file, mode: '0700'", "path: /srv/link, mode: '0700'"));
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 4);
    assert.match(setup.stdout, /\/srv\/file is a file/);
    assert.match(setup.stdout, /\/srv\/link is a symlink/);
    await lab.machine.succeed('test -f /srv/file && test -L /srv/link');
    await stat('/etc', 'root root 755');
  });

  it('removes an empty directory, and one with content only when told by name', async () => {
    await lab.machine.succeed('mkdir -p /srv/old/full; touch /srv/old/full/file; mkdir /srv/empty');
    await lab.phoenix.manifest(manifest('path: /srv/empty, ensure: absent'));
    await repairs(/Directory\[\/srv\/empty\]/, /remove/);
    await lab.machine.fail('test -e /srv/empty');

    await lab.phoenix.manifest(manifest('path: /srv/old/full, ensure: absent'));
    const refused = await lab.phoenix.setup(['--yes']);
    assert.equal(refused.code, 4);
    assert.match(refused.stdout, /not empty/);

    await lab.phoenix.manifest(manifest('path: /srv/old/full, ensure: absent, removeContent: true'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 3);
    await lab.machine.succeed('test -f /srv/old/full/file');
    assert.equal((await lab.phoenix.setup(['--yes', '--confirm', 'Directory[/srv/old/full]'])).code, 0);
    await lab.machine.fail('test -e /srv/old/full');
    await lab.machine.succeed('test -d /srv/old');
  });
});
