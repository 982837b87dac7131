import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

const DESK = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMADYsql3FuN0U7Z2jnF2RD0FcL5GWU5onoZbrhPPHpa alice@desk';
const LAPTOP =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBJVUSBYildMKXG6gcM7YEF4aY3kSVlwHRm6L8qoAokppFEpJZZsIrsvd28v3OFBKFkPaD8TE9L83Y/3mVL+Ax/4= alice laptop';
const FILE = '/home/keyed/.ssh/authorized_keys';

const manifest = (fields: string): string =>
  `version: 1\nresources:\n  - UnixUser: { name: keyed, shell: /bin/bash }\n  - AuthorizedKeys: { user: keyed, ${fields} }\n`;
const added = manifest(`keys: ['restrict ${DESK}']`);
const exact = manifest(`mode: exact, keys: ['restrict ${DESK}']`);

describeLab('AuthorizedKeys', (lab) => {
  const converge = async (text: string, expected = 0): Promise<string> => {
    await lab.phoenix.manifest(text);
    const { code, stdout, stderr } = await lab.phoenix.setup(['--yes']);
    assert.equal(code, expected, stdout + stderr);
    return stdout + stderr;
  };

  it('gives a new user its key in the run that makes the user', async () => {
    await lab.phoenix.manifest(added);
    assert.equal((await lab.phoenix.check()).code, 2);
    await lab.machine.fail('getent passwd keyed');
    await converge(added);
    await lab.machine.succeed(`grep -qxF 'restrict ${DESK}' ${FILE}`);
    await lab.machine.succeed(
      `test "$(stat -c '%a %U %G' /home/keyed/.ssh ${FILE} | tr '\\n' ' ')" = "700 keyed keyed 600 keyed keyed "`,
    );
    await lab.machine.succeed(`ssh-keygen -lf ${FILE}`);
  });

  it('has nothing to do the second time', async () => {
    await converge(added);
    const before = await lab.machine.succeed(`stat -c '%i %Z' ${FILE}`);
    assert.equal((await lab.phoenix.check()).code, 0);
    await converge(added);
    assert.equal(await lab.machine.succeed(`stat -c '%i %Z' ${FILE}`), before);
  });

  it('adds beside foreign lines, which stay', async () => {
    await lab.machine.succeed(`printf '%s\\n' '# by hand' '${LAPTOP}' > ${FILE}`);
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assert.match(check.stdout, /AuthorizedKeys\[keyed\]/);
    await converge(added);
    await lab.machine.succeed(`printf '%s\\n' '# by hand' '${LAPTOP}' 'restrict ${DESK}' | cmp - ${FILE}`);
  });

  it('removes foreign keys when exact', async () => {
    await converge(exact);
    await lab.machine.succeed(`printf '%s\\n' '# by hand' 'restrict ${DESK}' | cmp - ${FILE}`);
  });

  const drifts: [change: string, repaired: string][] = [
    [`sed -i 's/^restrict //' ${FILE}`, `grep -qxF 'restrict ${DESK}' ${FILE}`],
    [`sed -i 's/alice@desk/mallory/' ${FILE}`, `grep -qxF 'restrict ${DESK}' ${FILE}`],
    [`chmod 0644 ${FILE}`, `test "$(stat -c %a ${FILE})" = 600`],
    [`chown root ${FILE}`, `test "$(stat -c %U ${FILE})" = keyed`],
    ['chmod 0777 /home/keyed/.ssh', 'test "$(stat -c %a /home/keyed/.ssh)" = 700'],
    ['chown root /home/keyed/.ssh', 'test "$(stat -c %U /home/keyed/.ssh)" = keyed'],
    ['rm -r /home/keyed/.ssh', `grep -qxF 'restrict ${DESK}' ${FILE}`],
  ];
  for (const [change, repaired] of drifts)
    it(`repairs \`${change.slice(0, 40)}\``, async () => {
      await converge(exact);
      await lab.machine.succeed(change);
      const check = await lab.phoenix.check();
      assert.equal(check.code, 2);
      assert.match(check.stdout, /AuthorizedKeys\[keyed\]/);
      await converge(exact);
      await lab.machine.succeed(repaired);
      assert.equal((await lab.phoenix.check()).code, 0);
    });

  it('is led nowhere by a symlink or a hard link that the user planted', async () => {
    await converge(exact);
    await lab.machine.succeed(
      'sha256sum /etc/shadow > /root/shadow.sum; stat -c "%a %U" /etc/shadow > /root/shadow.meta',
    );
    const plants = [
      `ln -s /etc/shadow ${FILE}`,
      'rmdir /home/keyed/.ssh && ln -s /etc /home/keyed/.ssh',
      `install -d -o keyed /home/keyed/.ssh && touch /home/keyed/x && ln /home/keyed/x ${FILE}`,
    ];
    for (const plant of plants) {
      await lab.machine.succeed(`rm -rf ${FILE}; ${plant}`);
      await converge(exact, 3);
      await lab.machine.succeed(
        'sha256sum -c /root/shadow.sum; stat -c "%a %U" /etc/shadow | cmp - /root/shadow.meta',
      );
      await lab.machine.fail('test -e /etc/authorized_keys');
      await lab.machine.succeed('test ! -L /home/keyed/.ssh || rm /home/keyed/.ssh');
      await lab.machine.succeed('install -d -o keyed -g keyed -m 0700 /home/keyed/.ssh');
    }
    await lab.machine.succeed(`rm -f ${FILE}`);
    await converge(exact);
  });

  it('says when sshd would ignore the keys', async () => {
    await converge(exact);
    await lab.machine.succeed('chmod g+w /home/keyed');
    assert.match(await converge(exact, 3), /sshd ignores keys/);
    await lab.machine.succeed('chmod g-w /home/keyed');
  });

  it('takes the last key of a user without a password only when it is confirmed', async () => {
    await converge(exact);
    const none = manifest('mode: exact, keys: []');
    await converge(none, 3);
    await lab.machine.succeed(`grep -qF 'restrict ${DESK}' ${FILE}`);
    await lab.phoenix.manifest(none);
    assert.equal((await lab.phoenix.setup(['--yes', '--confirm', 'AuthorizedKeys[keyed]'])).code, 0);
    await lab.machine.fail(`grep -q ssh-ed25519 ${FILE}`);
  });
});
