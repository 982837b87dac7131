import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const DESK = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMADYsql3FuN0U7Z2jnF2RD0FcL5GWU5onoZbrhPPHpa alice@desk';
const LAPTOP =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBJVUSBYildMKXG6gcM7YEF4aY3kSVlwHRm6L8qoAokppFEpJZZsIrsvd28v3OFBKFkPaD8TE9L83Y/3mVL+Ax/4= alice laptop';

const fileOf = (user: string): string => `/home/${user}/.ssh/authorized_keys`;
const manifest = (...resources: string[]): string =>
  `version: 1\nresources:\n${resources.map((one) => `  - ${one}\n`).join('')}`;
const keys = (user: string, fields = ''): string =>
  `AuthorizedKeys: { user: ${user}, keys: ['restrict ${DESK}']${fields} }`;

/** Made by hand; `keyed` is made by phoenix. */
const BY_HAND = ['options', 'remark', 'file', 'folder', 'lost', 'adding', 'strict'];
const USERS = ['keyed', ...BY_HAND];
const ALL = manifest(
  'UnixUser: { name: keyed, shell: /bin/bash }',
  ...USERS.filter((user) => user !== 'strict').map((user) => keys(user)),
  keys('strict', ', mode: exact'),
);
const allIsRight = [
  ...USERS.flatMap((user) => [
    `grep -qxF 'restrict ${DESK}' ${fileOf(user)}`,
    `stat -c '%a %U %G' /home/${user}/.ssh ${fileOf(user)} | xargs | grep -qx "700 ${user} ${user} 600 ${user} ${user}"`,
  ]),
  `printf '%s\\n' '# by hand' '${LAPTOP}' 'restrict ${DESK}' | cmp - ${fileOf('adding')}`,
  `printf '%s\\n' '# by hand' 'restrict ${DESK}' | cmp - ${fileOf('strict')}`,
];

describeLab('AuthorizedKeys', (lab) => {
  it('gives users their key, one of them in the run that makes the user; foreign keys go only when exact', async () => {
    await lab.machine.succeed(
      allOf(
        ...BY_HAND.map((user) => `useradd -m ${user}`),
        ...['adding', 'strict'].flatMap((user) => [
          `install -d -o ${user} -g ${user} -m 0700 /home/${user}/.ssh`,
          `printf '%s\\n' '# by hand' '${LAPTOP}' > ${fileOf(user)}`,
        ]),
      ),
    );
    await lab.phoenix.manifest(ALL);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(allOf(...allIsRight, `ssh-keygen -lf ${fileOf('keyed')}`));
  });

  it('has nothing to do the second time', async () => {
    await lab.machine.succeed('stat -c "%n %i %Z" /home/*/.ssh/authorized_keys > /root/before');
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 9 resources/m);
    await lab.machine.succeed('stat -c "%n %i %Z" /home/*/.ssh/authorized_keys | cmp - /root/before');
  });

  it('names everything that was changed by hand, and repairs it', async () => {
    await lab.machine.succeed(
      allOf(
        `sed -i 's/^restrict //' ${fileOf('options')}`,
        `sed -i 's/alice@desk/mallory/' ${fileOf('remark')}`,
        `chmod 0644 ${fileOf('file')}; chown root ${fileOf('file')}`,
        'chmod 0777 /home/folder/.ssh; chown root /home/folder/.ssh',
        'rm -r /home/lost/.ssh',
        `echo '${LAPTOP}' >> ${fileOf('strict')}`,
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'AuthorizedKeys[options]': /change 1 key of options/,
      'AuthorizedKeys[remark]': [/change 1 key of remark/, /mallory → restrict .*alice@desk/],
      'AuthorizedKeys[file]': [/file mode: 0644 → 0600/, /file owner: 0 → /],
      'AuthorizedKeys[folder]': [/directory mode: 0777 → 0700/, /directory owner: 0 → /],
      'AuthorizedKeys[lost]': [/make ~lost\/\.ssh/, /add 1 key/],
      'AuthorizedKeys[strict]': /remove 1 key of strict/,
    });
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(allOf(...allIsRight));
  });

  it('is led nowhere by links that a user planted, says when sshd would ignore the keys, and keeps the last one', async () => {
    await lab.machine.succeed(
      allOf(
        'sha256sum /etc/shadow > /root/shadow.sum; stat -c "%a %U" /etc/shadow > /root/shadow.meta',
        `ln -sf /etc/shadow ${fileOf('file')}`,
        'rm -r /home/folder/.ssh; ln -s /etc /home/folder/.ssh',
        `ln ${fileOf('lost')} /home/lost/other; echo theirs > /home/lost/other`,
        'chmod g+w /home/options',
      ),
    );
    await lab.phoenix.manifest(
      manifest(
        ...['file', 'folder', 'lost', 'options'].map((user) => keys(user, ', mode: exact')),
        'AuthorizedKeys: { user: strict, mode: exact, keys: [] }',
      ),
    );
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assertPlan(stdout, {
      'AuthorizedKeys[file]': /refused: .* is a symlink to \/etc\/shadow/,
      'AuthorizedKeys[folder]': /refused: .* is a symlink to \/etc;/,
      'AuthorizedKeys[lost]': /refused: .* has 2 hard links/,
      'AuthorizedKeys[options]': /refused: .*sshd ignores keys/,
      'AuthorizedKeys[strict]': /remove 1 key of strict +\[destructive\]/,
    });
    assert.match(stdout, /^AuthorizedKeys\[strict\]: held back/m);
    await lab.machine.succeed(
      allOf(
        'sha256sum -c /root/shadow.sum; stat -c "%a %U" /etc/shadow | cmp - /root/shadow.meta',
        'test ! -e /etc/authorized_keys',
        'test -L /home/folder/.ssh',
        'grep -qx theirs /home/lost/other',
        `grep -qF 'restrict ${DESK}' ${fileOf('strict')}`,
      ),
    );
  });

  it('takes the last key of a user without a password when it is confirmed', async () => {
    await lab.phoenix.manifest(manifest('AuthorizedKeys: { user: strict, mode: exact, keys: [] }'));
    const { code, stdout, stderr } = await lab.phoenix.setup(['--confirm', 'AuthorizedKeys[strict]']);
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(`! grep -q ssh-ed25519 ${fileOf('strict')}`, `grep -qx '# by hand' ${fileOf('strict')}`),
    );
  });
});
