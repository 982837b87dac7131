import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const fileOf = (name: string): string => `/etc/sudoers.d/lab-${name}`;
const manifest = (...resources: string[]): string =>
  `version: 1\nresources:\n${resources.map((one) => `  - ${one}\n`).join('')}`;
const rule = (name: string, command: string): string =>
  `SudoRule: { name: lab-${name}, rules: [{ user: operator1, runAs: root, nopasswd: true, commands: ['${command}'] }] }`;
const gone = (name: string): string => `SudoRule: { name: lab-${name}, ensure: absent }`;

const COMMANDS = {
  text: '/usr/bin/id',
  mode: '/usr/bin/printf %s a,b=c:d#e',
  owner: '/usr/bin/true',
  lost: '/usr/bin/whoami',
};
const NAMES = Object.keys(COMMANDS);
const ALL = manifest(
  'UnixUser: { name: operator1, shell: /bin/bash }',
  ...Object.entries(COMMANDS).map(([name, command]) => rule(name, command)),
);
const sudo = 'runuser -u operator1 -- sudo -n';
const allIsRight = [
  `test "$(stat -c '%a %U %G' /etc/sudoers.d/lab-* | sort | uniq -c | xargs)" = "4 440 root root"`,
  'visudo -c',
  `test "$(${sudo} /usr/bin/id -u)" = 0`,
  `test "$(${sudo} /usr/bin/printf %s 'a,b=c:d#e')" = 'a,b=c:d#e'`,
  `${sudo} /usr/bin/true`,
  `test "$(${sudo} /usr/bin/whoami)" = root`,
  `! ${sudo} /usr/bin/printf %s other`,
  `! ${sudo} /usr/bin/cat /etc/shadow`,
];

describeLab('SudoRule', (lab) => {
  it('gives a new user what is declared, and no more', async () => {
    await lab.phoenix.manifest(ALL);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(allOf(...allIsRight));
  });

  it('has nothing to do the second time', async () => {
    await lab.machine.succeed('stat -c "%n %i %Z" /etc/sudoers.d/* > /root/before');
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 5 resources/m);
    await lab.machine.succeed('stat -c "%n %i %Z" /etc/sudoers.d/* | cmp - /root/before');
  });

  it('names everything that was changed by hand, and repairs it', async () => {
    await lab.machine.succeed(
      allOf(
        `echo 'operator1 ALL=(ALL) NOPASSWD: ALL' > ${fileOf('text')}`,
        `chmod 0666 ${fileOf('mode')}`,
        `chown operator1:adm ${fileOf('owner')}`,
        `rm ${fileOf('lost')}`,
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'SudoRule[lab-text]': [
        /rewrite \/etc\/sudoers\.d\/lab-text/,
        /^ +-operator1 ALL=\(ALL\) NOPASSWD: ALL$/m,
      ],
      'SudoRule[lab-mode]': /mode: 0666 → 0440/,
      'SudoRule[lab-owner]': [/uid: \d+ → 0/, /gid: 4 → 0/],
      'SudoRule[lab-lost]': /create \/etc\/sudoers\.d\/lab-lost/,
    });
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(allOf(...allIsRight));
  });

  it('refuses a rule that visudo does not parse, and takes back one with which sudo would refuse the whole', async () => {
    await lab.machine.succeed(
      allOf(
        `rm ${fileOf('lost')}`,
        "echo 'broken line here' > /etc/sudoers.d/foreign; chmod 0440 /etc/sudoers.d/foreign",
      ),
    );
    await lab.phoenix.manifest(
      manifest(
        rule('lost', COMMANDS.lost),
        // a backslash has no meaning in the path of a command
        rule('text', '/usr/bin/a\\b'),
        'SudoRule: { name: README, ensure: absent }',
      ),
    );
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assert.match(stdout, /^SudoRule\[lab-lost\]: failed: .*brought back as it was(.*\n)+.*foreign/m);
    assert.match(stdout, /^SudoRule\[lab-text\]: failed: /m);
    assert.match(stdout, /^SudoRule\[README\]: failed: /m);
    await lab.machine.succeed(
      allOf(
        `test ! -e ${fileOf('lost')}`,
        'test -e /etc/sudoers.d/README',
        'rm /etc/sudoers.d/foreign',
        `visudo -c && ${sudo} /usr/bin/id`,
        'test "$(ls --ignore=zfs /etc/sudoers.d | xargs)" = "README lab-mode lab-owner lab-text"',
      ),
    );
  });

  it('removes rules and leaves the files of others', async () => {
    await lab.phoenix.manifest(manifest(...NAMES.map(gone)));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        'test "$(ls --ignore=zfs /etc/sudoers.d | xargs)" = README',
        'visudo -c',
        `! ${sudo} /usr/bin/id`,
      ),
    );
  });
});
