import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';

const PATH = '/srv/shared/backup.env';
const MANIFEST = `version: 1
sharedResources:
  directories: [{ path: /srv/shared, group: games, mode: '2750' }]
  secrets: [{ path: ${PATH}, purpose: the password of the backups, group: games, mode: '0640' }]
resources:
  - File: { path: /root/copy, secret: { file: /root/secret } }
  - SecretPlaceholder: { path: /root/secret, purpose: a token }
`;

describeLab('SecretPlaceholder', (lab) => {
  const setup = async (code: number): Promise<string> => {
    const { code: found, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(found, code, stdout + stderr);
    return stdout;
  };

  it('makes a file that waits, says so, and never takes the placeholder for the secret', async () => {
    await lab.phoenix.manifest(MANIFEST);
    await setup(4);
    await lab.machine.succeed(
      allOf(
        `test "$(stat -c '%a %U %G' ${PATH})" = '640 root games'`,
        `grep -q '^# phoenix: this file waits for its secret: the password of the backups' ${PATH}`,
        '! test -e /root/copy',
      ),
    );
    const { code, stdout } = await lab.phoenix.check();
    assert.equal(code, 4, stdout);
    assert.match(stdout, /waits for its secret: the password of the backups; write it there/);
    assert.match(stdout, /File\[\/root\/copy\]: unreadable: .*still waits for its secret/);
  });

  it('leaves what a person has written, keeps owner and mode, and is silent', async () => {
    await lab.machine.succeed(
      allOf(
        `echo PASSWORD=s3cret > ${PATH} && chmod 0666 ${PATH} && chown games ${PATH}`,
        'echo token > /root/secret',
      ),
    );
    const { code, stdout } = await lab.phoenix.check();
    assert.equal(code, 2, stdout);
    assert.match(stdout, /^~ SecretPlaceholder\[\/srv\/shared\/backup\.env\]: set owner root, mode 0640/m);
    await setup(0);
    await lab.machine.succeed(
      allOf(
        `test "$(stat -c '%a %U %G' ${PATH})" = '640 root games' && grep -qx PASSWORD=s3cret ${PATH}`,
        'grep -qx token /root/copy',
        '! grep -rl s3cret /var/lib/phoenix /var/log/phoenix',
      ),
    );
    const again = await lab.machine.run('/opt/phoenix/bin/phoenix setup');
    assert.deepEqual([again.code, again.stdout, again.stderr], [0, '', '']);
  });
});
