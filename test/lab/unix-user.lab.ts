import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

/** The crypt(5) example: the hash is data here, nobody logs in with it. */
const HASH = '$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7';
const SECRET = '/etc/phoenix/secrets/lab-user.hash';

const manifest = (...resources: string[]): string =>
  `version: 1\nresources:\n${resources.map((one) => `  - ${one}\n`).join('')}`;
const user = (fields: string): string => `UnixUser: { ${fields} }`;
const withHash = (name: string): string =>
  user(`name: ${name}, locked: false, passwordHash: { file: ${SECRET} }`);

const ALL = [
  'UnixGroup: { name: media, gid: 2000 }',
  user(
    `name: alice, uid: 1500, groups: [media, audio], groupsMode: exact, shell: /bin/bash, home: /home/alice, ` +
      `homeMode: '0750', comment: Alice Lab, passwordHash: { file: ${SECRET} }, locked: false, expires: '2035-01-02'`,
  ),
  ...['unlocked', 'changed', 'emptied', 'crashed'].map(withHash),
  user('name: member, groups: [media], groupsMode: exact'),
  user('name: homeless'),
  user('name: robot, system: true, shell: /usr/sbin/nologin'),
];

const hashIsRight = (name: string): string => `getent shadow ${name} | cut -d: -f2 | grep -qxF '${HASH}'`;
const aliceIsRight = [
  'getent passwd alice | grep -qx "alice:x:1500:[0-9]*:Alice Lab:/home/alice:/bin/bash"',
  'test "$(id -gn alice)" = alice',
  'test "$(id -Gn alice | tr " " "\\n" | sort | xargs)" = "alice audio media"',
  'test "$(stat -c "%a %U %G" /home/alice)" = "750 alice alice"',
  'test "$(getent shadow alice | cut -d: -f8)" = 23742',
];
const allIsRight = [
  ...aliceIsRight,
  ...['alice', 'unlocked', 'changed', 'emptied', 'crashed'].map(hashIsRight),
  'test "$(id -Gn member | tr " " "\\n" | sort | xargs)" = "media member"',
  'test "$(stat -c "%U %G" /home/homeless)" = "homeless homeless"',
];

describeLab('UnixUser', (lab) => {
  before(async () => {
    await lab.machine.succeed(
      allOf(
        'install -d -m 0700 /etc/phoenix /etc/phoenix/secrets',
        `umask 077; printf '%s\\n' '${HASH}' > ${SECRET}; echo hunter2 > /etc/phoenix/secrets/clear`,
      ),
    );
  });

  it('creates users with everything that is declared', async () => {
    await lab.phoenix.manifest(manifest(...ALL));
    assert.equal((await lab.phoenix.check()).code, 2);
    await lab.machine.fail('getent passwd alice');
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        ...allIsRight,
        'test -f /home/alice/.bashrc',
        'test "$(id -u robot)" -lt 1000',
        'test ! -e /home/robot',
        // nobody logs in before there is a password
        'getent shadow member | cut -d: -f2 | grep -q "^[!*]"',
      ),
    );
  });

  it('has nothing to do the second time', async () => {
    await lab.machine.succeed('cp -p /etc/passwd /etc/shadow /etc/group /root/');
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 9 resources/m);
    await lab.machine.succeed(
      allOf(...['passwd', 'shadow', 'group'].map((file) => `cmp /etc/${file} /root/${file}`)),
    );
  });

  it('names everything that was changed by hand, and repairs it, showing no hash', async () => {
    await lab.machine.succeed(
      allOf(
        'usermod -s /bin/sh -c Mallory -d /tmp -e 2001-01-01 alice',
        'chmod 0755 /home/alice',
        'gpasswd -d alice media',
        'usermod -aG disk member',
        'usermod -L unlocked',
        "echo 'changed:hunter2' | chpasswd",
        'passwd -d emptied',
        // what a crash between useradd and the password leaves
        "echo 'crashed:!' | chpasswd -e",
        'rm -rf /home/homeless',
        'userdel robot',
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'UnixUser[alice]': [
        /shell: \/bin\/sh → \/bin\/bash/,
        /comment: Mallory → Alice Lab/,
        /home: \/tmp → \/home\/alice/,
        /expires: 2001-01-01 → 2035-01-02/,
        /homeMode: 0755 → 0750/,
        /groups: .*"audio".*→.*"media"/,
      ],
      'UnixUser[member]': /groups: .*"disk".*→ \["media"\]/,
      'UnixUser[unlocked]': /locked: true → false/,
      'UnixUser[changed]': /passwordHash: \(secret, changed\)/,
      'UnixUser[emptied]': /passwordHash: \(secret, changed\)/,
      'UnixUser[crashed]': /passwordHash: \(secret, changed\)/,
      'UnixUser[homeless]': /make the missing home \/home\/homeless/,
      'UnixUser[robot]': /create user robot/,
    });
    const setup = await lab.phoenix.setup(['--verbose']);
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(allOf(...allIsRight, 'getent passwd robot'));
    for (const { stdout, stderr } of [check, setup]) assert.doesNotMatch(stdout + stderr, /X3DX6M94c7o/);
    await lab.machine.fail('grep -r X3DX6M94c7o /var/lib/phoenix /var/log/phoenix');
  });

  it('refuses what would harm, and removes nobody who is not confirmed', async () => {
    await lab.machine.succeed(
      allOf(
        'chown 4711 /home/member',
        'useradd -m leaver',
        'cp -p /etc/group /root/group',
        'gpasswd -M changed sudo',
      ),
    );
    await lab.phoenix.manifest(
      manifest(
        user('name: alice, uid: 1501'),
        user('name: unlocked, shell: /bin/nosuch'),
        user('name: changed, groupsMode: exact'),
        user('name: member'),
        user('name: newcomer, passwordHash: { file: /etc/phoenix/secrets/clear }'),
        user('name: crashed, ensure: absent'),
        user('name: leaver, ensure: absent, removeHome: true'),
      ),
    );
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 4);
    assertPlan(stdout, {
      'UnixUser[alice]': /refused: .*150[01]/,
      'UnixUser[unlocked]': /refused: .*\/bin\/nosuch/,
      'UnixUser[changed]': /refused: .*last member of group sudo/,
      'UnixUser[member]': /refused: .*4711/,
      'UnixUser[newcomer]': /unreadable: .*mkpasswd/,
      'UnixUser[crashed]': /\[destructive\]/,
      'UnixUser[leaver]': /\[destructive\]/,
    });
    assert.match(stdout, /^UnixUser\[crashed\]: held back: .*--confirm 'UnixUser\[crashed\]'$/m);
    assert.match(stdout, /^UnixUser\[leaver\]: held back/m);
    assert.ok(!(stdout + stderr).includes('hunter2'));
    await lab.machine.succeed(
      allOf(
        ...aliceIsRight,
        'getent passwd unlocked | grep -qv nosuch',
        'id -Gn changed | grep -qw sudo',
        'test "$(stat -c %u /home/member)" = 4711',
        '! getent passwd newcomer',
        'getent passwd crashed && getent passwd leaver',
        'cp -p /root/group /etc/group',
      ),
    );
  });

  it('removes users that are confirmed, and the home only when it is asked to', async () => {
    await lab.phoenix.manifest(
      manifest(
        user('name: crashed, ensure: absent'),
        user('name: leaver, ensure: absent, removeHome: true'),
        user('name: never-was, ensure: absent'),
      ),
    );
    const { code, stdout, stderr } = await lab.phoenix.setup([
      ...['--confirm', 'UnixUser[crashed]', '--confirm', 'UnixUser[leaver]'],
    ]);
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        '! getent passwd crashed',
        'test -d /home/crashed',
        '! getent passwd leaver',
        'test ! -e /home/leaver',
      ),
    );
    assert.equal((await lab.phoenix.check()).code, 0);
  });
});
