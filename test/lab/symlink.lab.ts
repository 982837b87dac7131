import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const manifest = (...links: string[]): string =>
  `version: 1\nresources:\n${links.map((link) => `  - Symlink: { ${link} }\n`).join('')}`;

const ALL = manifest(
  'path: /usr/local/bin/lab, target: /opt/lab/bin/lab',
  'path: /srv/link, target: two',
  'path: /srv/steady, target: /srv/b',
  'path: /srv/file, target: elsewhere, replace: true',
  'path: /srv/directory, target: elsewhere, replace: true',
);
const allIsRight = [
  'test "$(readlink /usr/local/bin/lab)" = /opt/lab/bin/lab',
  'test "$(readlink /srv/link)" = two',
  'test "$(readlink /srv/steady)" = /srv/b',
  'test "$(readlink /srv/file)" = elsewhere && test "$(readlink /srv/directory)" = elsewhere',
];

describeLab('Symlink', (lab) => {
  it('creates symlinks', async () => {
    await lab.machine.succeed('mkdir /srv/one /srv/two; touch /srv/a /srv/b');
    await lab.phoenix.manifest(ALL);
    assert.equal((await lab.phoenix.check()).code, 2);
    await lab.machine.fail('test -L /usr/local/bin/lab');
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(allOf(...allIsRight));
  });

  it('has nothing to do the second time', async () => {
    await lab.machine.succeed('stat -c "%n %i %Y %Z" /usr/local/bin/lab /srv/* > /root/before');
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 5 resources/m);
    await lab.machine.succeed('stat -c "%n %i %Y %Z" /usr/local/bin/lab /srv/* | cmp - /root/before');
  });

  it('names what was changed by hand, and repairs it: no link is ever away, what was replaced is kept', async () => {
    await lab.machine.succeed(
      allOf(
        'rm /usr/local/bin/lab',
        'ln -sfn /srv/one /srv/link',
        'ln -sfn /srv/a /srv/steady',
        'rm /srv/file /srv/directory; echo old-file > /srv/file',
        'mkdir /srv/directory; echo old-inside > /srv/directory/inside',
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'Symlink[/usr/local/bin/lab]': /\/opt\/lab\/bin\/lab/,
      'Symlink[/srv/link]': /\/srv\/one → two/,
      'Symlink[/srv/steady]': /\/srv\/a → \/srv\/b/,
      'Symlink[/srv/file]': /file/,
      'Symlink[/srv/directory]': /directory/,
    });
    await lab.machine.succeed(
      "systemd-run --unit=lab-watch /bin/sh -c 'while :; do [ -e /srv/steady ] || touch /root/was-away; done'",
    );
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(
      allOf(
        'systemctl is-active lab-watch && systemctl stop lab-watch',
        'test ! -e /root/was-away',
        ...allIsRight,
        // `ln -sf` would have put the new link into the directory that the old one points to.
        'test -z "$(ls -A /srv/one)"',
        '! ls -A /srv | grep phoenix',
        'grep -rlx old-file /var/lib/phoenix/backups',
        'grep -rlx old-inside /var/lib/phoenix/backups',
      ),
    );
  });

  it('refuses a real file and a real directory, also to remove them, and removes symlinks', async () => {
    await lab.machine.succeed(
      allOf(
        'echo mine > /srv/mine; mkdir /srv/ours; echo mine > /srv/ours/inside; echo real > /srv/real',
        'echo kept > /srv/kept; ln -sfn /srv/kept /srv/unwanted',
      ),
    );
    await lab.phoenix.manifest(
      manifest(
        'path: /srv/mine, target: elsewhere',
        'path: /srv/ours, target: elsewhere',
        'path: /srv/real, target: x, ensure: absent',
        'path: /srv/unwanted, target: /srv/kept, ensure: absent',
        'path: /srv/never, target: x, ensure: absent',
      ),
    );
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assertPlan(stdout, {
      'Symlink[/srv/mine]': /refused: .*not a symlink/,
      'Symlink[/srv/ours]': /refused: .*not a symlink/,
      'Symlink[/srv/real]': /refused: /,
      'Symlink[/srv/unwanted]': /remove/,
    });
    await lab.machine.succeed(
      allOf(
        'grep -qx mine /srv/mine && grep -qx mine /srv/ours/inside && grep -qx real /srv/real',
        'test ! -L /srv/unwanted',
        'grep -qx kept /srv/kept',
      ),
    );
  });
});
