import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

/** The crypt(5) example: the hash is data here, nobody logs in with it. */
const HASH = '$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7';
const SECRET = '/etc/phoenix/secrets/lab-user.hash';

const ALICE = `version: 1
resources:
  - UnixGroup: { name: media, gid: 2000 }
  - UnixUser:
      name: alice
      uid: 1500
      groups: [media, audio]
      groupsMode: exact
      shell: /bin/bash
      home: /home/alice
      homeMode: '0750'
      comment: Alice Lab
      passwordHash: { file: ${SECRET} }
      locked: false
      expires: '2035-01-02'
`;

describeLab('UnixUser', (lab) => {
  const converge = async (): Promise<void> => {
    await lab.phoenix.manifest(ALICE);
    const { code, stdout, stderr } = await lab.phoenix.setup(['--yes']);
    assert.equal(code, 0, stdout + stderr);
  };

  before(async () => {
    await lab.machine.succeed(`install -d -m 0700 /etc/phoenix /etc/phoenix/secrets`);
    await lab.machine.succeed(`umask 077; printf '%s\\n' '${HASH}' > ${SECRET}`);
  });

  it('creates a user with everything that is declared', async () => {
    await lab.phoenix.manifest(ALICE);
    assert.equal((await lab.phoenix.check()).code, 2);
    await lab.machine.fail('getent passwd alice');
    await converge();
    await lab.machine.succeed(
      'getent passwd alice | grep -qx "alice:x:1500:[0-9]*:Alice Lab:/home/alice:/bin/bash"',
    );
    await lab.machine.succeed('test "$(id -gn alice)" = alice');
    await lab.machine.succeed(
      'test "$(id -Gn alice | tr " " "\\n" | sort | tr "\\n" " ")" = "alice audio media "',
    );
    await lab.machine.succeed('test "$(stat -c "%a %U %G" /home/alice)" = "750 alice alice"');
    await lab.machine.succeed('test -f /home/alice/.bashrc');
    await lab.machine.succeed(`getent shadow alice | cut -d: -f2 | grep -qxF '${HASH}'`);
    await lab.machine.succeed('test "$(getent shadow alice | cut -d: -f8)" = 23742');
  });

  it('has nothing to do the second time', async () => {
    await converge();
    await lab.machine.succeed('cp -p /etc/passwd /etc/shadow /etc/group /root/');
    assert.equal((await lab.phoenix.check()).code, 0);
    await converge();
    for (const file of ['passwd', 'shadow', 'group'])
      await lab.machine.succeed(`cmp /etc/${file} /root/${file}`);
  });

  const drifts: [property: string, change: string, repaired: string][] = [
    ['shell', 'usermod -s /bin/sh alice', 'getent passwd alice | grep -q ":/bin/bash$"'],
    ['comment', 'usermod -c Mallory alice', 'getent passwd alice | grep -q ":Alice Lab:"'],
    ['home', 'usermod -d /tmp alice', 'getent passwd alice | grep -q ":/home/alice:"'],
    ['homeMode', 'chmod 0755 /home/alice', 'test "$(stat -c %a /home/alice)" = 750'],
    ['expires', 'usermod -e 2001-01-01 alice', 'test "$(getent shadow alice | cut -d: -f8)" = 23742'],
    ['groups', 'gpasswd -d alice media', 'id -Gn alice | grep -qw media'],
    ['groups', 'usermod -aG disk alice', '! id -Gn alice | grep -qw disk'],
    ['locked', 'usermod -L alice', `getent shadow alice | cut -d: -f2 | grep -qxF '${HASH}'`],
    [
      'passwordHash',
      "echo 'alice:hunter2' | chpasswd",
      `getent shadow alice | cut -d: -f2 | grep -qxF '${HASH}'`,
    ],
    ['passwordHash', 'passwd -d alice', `getent shadow alice | cut -d: -f2 | grep -qxF '${HASH}'`],
  ];
  for (const [property, change, repaired] of drifts)
    it(`repairs ${property} after \`${change}\``, async () => {
      await converge();
      await lab.machine.succeed(change);
      const check = await lab.phoenix.check();
      assert.equal(check.code, 2);
      assert.match(check.stdout, /UnixUser\[alice\]/);
      assert.ok(check.stdout.includes(property), check.stdout);
      await converge();
      await lab.machine.succeed(repaired);
      assert.equal((await lab.phoenix.check()).code, 0);
    });

  it('shows no hash, neither on the screen nor in a process list or a journal', async () => {
    await lab.machine.succeed("echo 'alice:hunter2' | chpasswd");
    await lab.phoenix.manifest(ALICE);
    const { code, stdout, stderr } = await lab.phoenix.setup(['--yes', '--verbose']);
    assert.equal(code, 0);
    assert.ok(!(stdout + stderr).includes('X3DX6M94c7o'));
    await lab.machine.fail('grep -r X3DX6M94c7o /var/lib/phoenix /var/log/phoenix');
  });

  it('makes a lost home again, but touches none of somebody else', async () => {
    await converge();
    await lab.machine.succeed('rm -rf /home/alice');
    await converge();
    await lab.machine.succeed('test "$(stat -c "%a %U %G" /home/alice)" = "750 alice alice"');
    await lab.machine.succeed('chown 4711 /home/alice');
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 3);
    assert.match(setup.stdout, /4711/);
    await lab.machine.succeed('chown alice /home/alice');
  });

  it('refuses a password in clear and a shell that is not there', async () => {
    await lab.machine.succeed('umask 077; echo hunter2 > /etc/phoenix/secrets/clear');
    await lab.phoenix.manifest(
      'version: 1\nresources:\n  - UnixUser: { name: bob, passwordHash: { file: /etc/phoenix/secrets/clear } }\n',
    );
    const clear = await lab.phoenix.setup(['--yes']);
    assert.equal(clear.code, 4);
    assert.match(clear.stdout + clear.stderr, /mkpasswd/);
    assert.ok(!(clear.stdout + clear.stderr).includes('hunter2'));
    await lab.machine.fail('getent passwd bob');
    await lab.phoenix.manifest('version: 1\nresources:\n  - UnixUser: { name: alice, shell: /bin/nosuch }\n');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 3);
    await lab.machine.succeed('getent passwd alice | grep -q ":/bin/bash$"');
  });

  it('keeps uid 1500, and the last member of group sudo', async () => {
    await converge();
    await lab.phoenix.manifest('version: 1\nresources:\n  - UnixUser: { name: alice, uid: 1501 }\n');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 3);
    await lab.machine.succeed('test "$(id -u alice)" = 1500');
    await lab.machine.succeed('cp -p /etc/group /root/group; gpasswd -M alice sudo');
    await lab.phoenix.manifest('version: 1\nresources:\n  - UnixUser: { name: alice, groupsMode: exact }\n');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 3);
    await lab.machine.succeed('id -Gn alice | grep -qw sudo');
    await lab.machine.succeed('cp -p /root/group /etc/group');
  });

  it('completes a user that a crash left without its password', async () => {
    await lab.machine.succeed("echo 'alice:!' | chpasswd -e");
    await converge();
    await lab.machine.succeed(`getent shadow alice | cut -d: -f2 | grep -qxF '${HASH}'`);
  });

  it('removes a user only when it is confirmed, and keeps the home', async () => {
    await converge();
    await lab.phoenix.manifest('version: 1\nresources:\n  - UnixUser: { name: alice, ensure: absent }\n');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 3);
    await lab.machine.succeed('getent passwd alice');
    assert.equal((await lab.phoenix.setup(['--yes', '--confirm', 'UnixUser[alice]'])).code, 0);
    await lab.machine.fail('getent passwd alice');
    await lab.machine.succeed('test -f /home/alice/.bashrc || test -d /home/alice');
    assert.equal((await lab.phoenix.check()).code, 0);
  });

  it('deletes the home when it is asked to', async () => {
    await lab.machine.succeed('useradd -m -s /bin/sh leaver');
    await lab.phoenix.manifest(
      'version: 1\nresources:\n  - UnixUser: { name: leaver, ensure: absent, removeHome: true }\n',
    );
    assert.equal((await lab.phoenix.setup(['--yes', '--confirm', 'UnixUser[leaver]'])).code, 0);
    await lab.machine.fail('test -e /home/leaver');
  });
});
