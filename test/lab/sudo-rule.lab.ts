import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

const FILE = '/etc/sudoers.d/lab-operators';

const RULES = `version: 1
resources:
  - UnixUser: { name: operator1, shell: /bin/bash }
  - SudoRule:
      name: lab-operators
      rules:
        - { user: operator1, runAs: root, nopasswd: true, commands: ['/usr/bin/id', '/usr/bin/printf %s a,b=c:d#e'] }
`;

describeLab('SudoRule', (lab) => {
  const converge = async (text = RULES): Promise<void> => {
    await lab.phoenix.manifest(text);
    const { code, stdout, stderr } = await lab.phoenix.setup(['--yes']);
    assert.equal(code, 0, stdout + stderr);
  };

  it('gives a new user what is declared, and no more', async () => {
    await lab.phoenix.manifest(RULES);
    assert.equal((await lab.phoenix.check()).code, 2);
    await converge();
    await lab.machine.succeed(`test "$(stat -c '%a %U %G' ${FILE})" = "440 root root"`);
    await lab.machine.succeed('visudo -c');
    await lab.machine.succeed('test "$(runuser -u operator1 -- sudo -n /usr/bin/id -u)" = 0');
    await lab.machine.succeed(
      `test "$(runuser -u operator1 -- sudo -n /usr/bin/printf %s 'a,b=c:d#e')" = 'a,b=c:d#e'`,
    );
    await lab.machine.fail('runuser -u operator1 -- sudo -n /usr/bin/printf %s other');
    await lab.machine.fail('runuser -u operator1 -- sudo -n /usr/bin/cat /etc/shadow');
  });

  it('has nothing to do the second time', async () => {
    await converge();
    const before = await lab.machine.succeed(`stat -c '%i %Z' ${FILE}`);
    assert.equal((await lab.phoenix.check()).code, 0);
    await converge();
    assert.equal(await lab.machine.succeed(`stat -c '%i %Z' ${FILE}`), before);
  });

  const drifts: [change: string, repaired: string][] = [
    [`echo 'operator1 ALL=(ALL) NOPASSWD: ALL' > ${FILE}`, 'runuser -u operator1 -- sudo -n /usr/bin/id'],
    [`chmod 0666 ${FILE}`, `test "$(stat -c %a ${FILE})" = 440`],
    [`chown operator1 ${FILE}`, `test "$(stat -c %U ${FILE})" = root`],
    [`chgrp adm ${FILE}`, `test "$(stat -c %G ${FILE})" = root`],
    [`rm ${FILE}`, 'runuser -u operator1 -- sudo -n /usr/bin/id'],
  ];
  for (const [change, repaired] of drifts)
    it(`repairs \`${change}\``, async () => {
      await converge();
      await lab.machine.succeed(change);
      const check = await lab.phoenix.check();
      assert.equal(check.code, 2);
      assert.match(check.stdout, /SudoRule\[lab-operators\]/);
      await converge();
      await lab.machine.succeed(repaired);
      await lab.machine.fail('runuser -u operator1 -- sudo -n /usr/bin/cat /etc/shadow');
      assert.equal((await lab.phoenix.check()).code, 0);
    });

  it('refuses a rule that visudo does not parse, and leaves the old one in place', async () => {
    await converge();
    // a backslash has no meaning in the path of a command
    await lab.phoenix.manifest(RULES.replace('/usr/bin/id', '/usr/bin/a\\b'));
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 4);
    await lab.machine.succeed('visudo -c && runuser -u operator1 -- sudo -n /usr/bin/id');
    await lab.machine.fail('ls /etc/sudoers.d | grep -v -e README -e lab-operators');
  });

  it('takes a file back with which sudo would refuse the whole', async () => {
    await lab.machine.succeed(
      `rm ${FILE}; echo 'broken line here' > /etc/sudoers.d/foreign; chmod 0440 /etc/sudoers.d/foreign`,
    );
    await lab.phoenix.manifest(RULES);
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 4);
    assert.match(setup.stdout + setup.stderr, /foreign/);
    await lab.machine.fail(`test -e ${FILE}`);
    await lab.machine.succeed('rm /etc/sudoers.d/foreign');
    await converge();
  });

  it('removes the rule and leaves the files of others', async () => {
    await converge();
    await converge('version: 1\nresources:\n  - SudoRule: { name: lab-operators, ensure: absent }\n');
    await lab.machine.fail(`test -e ${FILE}`);
    await lab.machine.succeed('visudo -c && test -e /etc/sudoers.d/README');
    await lab.machine.fail('runuser -u operator1 -- sudo -n /usr/bin/id');
  });
});
