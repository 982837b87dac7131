import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const manifest = (...directories: string[]): string =>
  `version: 1\nresources:\n${directories.map((one) => `  - Directory: { ${one} }\n`).join('')}`;
const stands = (path: string, expected: string): string =>
  `test "$(stat -c '%F %U %G %a' ${path})" = "directory ${expected}"`;

const PLAIN = ['/srv/owner', '/srv/group', '/srv/mode', '/srv/sgid'];
/** Each with what is done to it by hand, and what the plan then says. */
const ACLS: readonly (readonly [path: string, drift: string, told: RegExp])[] = [
  ['/srv/acl-less', 'setfacl -x u:games', / acl: /],
  ['/srv/acl-more', 'setfacl -m u:daemon:rwx', / acl: /],
  ['/srv/acl-mask', 'setfacl -m m::r-x', / acl: /],
  ['/srv/acl-none', 'setfacl -b', / acl: /],
  ['/srv/acl-no-default', 'setfacl -k', / defaultAcl: /],
  ['/srv/acl-default', 'setfacl -d -m u:daemon:rwx', / defaultAcl: /],
  ['/srv/acl-chmod', 'chmod 2700', / acl: /],
  ['/srv/acl-sgid', 'chmod g-s', / mode: /],
];
const ALL = manifest(
  ...PLAIN.map((path) => `path: ${path}, owner: daemon, group: adm, mode: '2770'`),
  'path: /srv/owner/inner',
  ...ACLS.map(
    ([path]) =>
      `path: ${path}, mode: '2750', acl: ['user:games:rwx', 'group:adm:r-x'], defaultAcl: ['user:games:rw-', 'other::---']`,
  ),
  'path: /srv/heirs/a, acl: [], defaultAcl: []',
);
const allIsRight = [
  ...PLAIN.map((path) => stands(path, 'daemon adm 2770')),
  stands('/srv/owner/inner', 'root root 755'),
  'printf "%s\\n" user::rwx user:games:rwx group::r-x group:adm:r-x mask::rwx other::--- ' +
    'default:user::rwx default:user:games:rw- default:group::r-x default:mask::rwx default:other::--- | sort > /root/acl',
  ...ACLS.flatMap(([path]) => [
    `getfacl -cpE ${path} | grep -v "^$" | sort | diff /root/acl -`,
    `test -g ${path}`,
  ]),
];

describeLab('Directory', (lab) => {
  it('creates directories one below the other, and with an ACL, but not with that of the one above', async () => {
    await lab.machine.succeed('mkdir /srv/heirs; setfacl -d -m u:games:rwx /srv/heirs');
    await lab.phoenix.manifest(ALL);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(allOf(...allIsRight, '! getfacl -cp /srv/heirs/a | grep games'));
  });

  it('has nothing to do the second time', async () => {
    await lab.machine.succeed('stat -c "%n %i %Z" /srv/* > /root/before');
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 14 resources/m);
    await lab.machine.succeed('stat -c "%n %i %Z" /srv/* | cmp - /root/before');
  });

  it('names everything that was changed by hand, and repairs it, and nothing below', async () => {
    await lab.machine.succeed(
      allOf(
        'touch /srv/owner/file; chmod 604 /srv/owner/file; chown games:games /srv/owner/file',
        'chown root /srv/owner',
        'chgrp root /srv/group',
        'chmod 777 /srv/mode',
        'chmod g-s /srv/sgid',
        'rmdir /srv/owner/inner',
        ...ACLS.map(([path, drift]) => `${drift} ${path}`),
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'Directory[/srv/owner]': /owner: root → daemon/,
      'Directory[/srv/group]': /group: root → adm/,
      'Directory[/srv/mode]': /mode: 2777 → 2770/,
      'Directory[/srv/sgid]': /mode: 0770 → 2770/,
      'Directory[/srv/owner/inner]': /create directory/,
      ...Object.fromEntries(ACLS.map(([path, , told]) => [`Directory[${path}]`, told])),
    });
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(
      allOf(...allIsRight, 'test "$(stat -c "%U %G %a" /srv/owner/file)" = "games games 604"'),
    );
    assert.equal((await lab.phoenix.check()).code, 0);
  });

  it('refuses what is no directory, an empty mount point, and content that nobody told it to remove', async () => {
    await lab.machine.succeed(
      allOf(
        'mkdir /srv/mount; touch /srv/file; ln -s /etc /srv/link',
        'mkdir -p /srv/old/full /srv/old/told; touch /srv/old/full/file /srv/old/told/file',
      ),
    );
    await lab.phoenix.manifest(
      manifest(
        "path: /srv/file, mode: '0700'",
        "path: /srv/link, mode: '0700'",
        'path: /srv/mount/a, requireMountpoint: /srv/mount',
        'path: /srv/old/full, ensure: absent',
        'path: /srv/old/told, ensure: absent, removeContent: true',
      ),
    );
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assertPlan(stdout, {
      'Directory[/srv/file]': /\/srv\/file is a file/,
      'Directory[/srv/link]': /\/srv\/link is a symlink/,
      'Directory[/srv/mount/a]': /\/srv\/mount is not mounted/,
      'Directory[/srv/old/full]': /not empty/,
      'Directory[/srv/old/told]': /\[destructive\]/,
    });
    assert.match(stdout, /^Directory\[\/srv\/old\/told\]: held back/m);
    await lab.machine.succeed(
      allOf(
        'test -f /srv/file && test -L /srv/link',
        stands('/etc', 'root root 755'),
        'test ! -e /srv/mount/a',
        'test -f /srv/old/full/file && test -f /srv/old/told/file',
      ),
    );
  });

  it('removes directories, with content when told by name, and makes one in a filesystem that is mounted', async () => {
    await lab.machine.succeed('mkdir /srv/empty; mount -t tmpfs none /srv/mount');
    await lab.phoenix.manifest(
      manifest(
        'path: /srv/mount/a, requireMountpoint: /srv/mount',
        'path: /srv/empty, ensure: absent',
        'path: /srv/old/told, ensure: absent, removeContent: true',
        'path: /srv/never, ensure: absent',
      ),
    );
    const setup = await lab.phoenix.setup(['--confirm', 'Directory[/srv/old/told]']);
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    assertPlan(setup.stdout, {
      'Directory[/srv/mount/a]': /create/,
      'Directory[/srv/empty]': /remove/,
      'Directory[/srv/old/told]': /remove .*entries: 1/,
    });
    await lab.machine.succeed(
      allOf(
        'test ! -e /srv/empty && test ! -e /srv/old/told',
        'test -d /srv/mount/a',
        'umount /srv/mount',
        'test ! -e /srv/mount/a',
      ),
    );
  });
});
