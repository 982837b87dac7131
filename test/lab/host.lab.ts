/** The example manifest on a real host: from nothing to converged, silent when in sync, every drift named and mended. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeLab } from './describe-lab.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'resources', 'examples');
const example = (name: string): string => readFileSync(join(EXAMPLES, name), 'utf8');

/** Programs that phoenix may start when nothing differs: its own start, the lock, and one read a kind. */
const READERS = /^(sh|phoenix|dirname|readlink|env|node|flock|dpkg-query|systemctl|getfacl)$/;

/** One drift by hand, which resource it is of, and how the system's own tools see that it is mended. */
const DRIFTS: readonly { by: string; of: string; mended: string }[] = [
  {
    by: 'usermod -s /bin/sh phoenix_admin',
    of: 'UnixUser[phoenix_admin]',
    mended: "getent passwd phoenix_admin | grep -q ':/bin/bash$'",
  },
  {
    by: 'gpasswd -d phoenix_admin media',
    of: 'UnixUser[phoenix_admin]',
    mended: 'id -nG phoenix_admin | grep -qw media',
  },
  {
    by: 'usermod -c nobody heads',
    of: 'UnixUser[heads]',
    mended: "getent passwd heads | grep -q 'runs the containers'",
  },
  { by: 'echo intruder >> /etc/motd', of: 'File[/etc/motd]', mended: '! grep -q intruder /etc/motd' },
  {
    by: 'chmod 0600 /srv/shared/README',
    of: 'File[/srv/shared/README]',
    mended: 'test "$(stat -c %a /srv/shared/README)" = 664',
  },
  {
    by: 'chown heads /srv/shared/ssl',
    of: 'Directory[/srv/shared/ssl]',
    mended: 'test "$(stat -c %U /srv/shared/ssl)" = root',
  },
  {
    by: 'sysctl -qw vm.swappiness=77',
    of: 'Sysctl[vm.swappiness]',
    mended: 'test "$(sysctl -n vm.swappiness)" = 10',
  },
  {
    by: 'ln -sfn /usr/share/zoneinfo/Asia/Tokyo /etc/localtime',
    of: 'Timezone[system]',
    mended: 'readlink /etc/localtime | grep -q America/New_York',
  },
  {
    by: 'systemctl disable -q --now heartbeat.service',
    of: 'SystemdUnit[heartbeat.service]',
    mended: 'systemctl is-active -q heartbeat.service && systemctl is-enabled -q heartbeat.service',
  },
  {
    by: 'rm /etc/sudoers.d/phoenix_admin',
    of: 'SudoRule[phoenix_admin]',
    mended: 'sudo -l -U phoenix_admin | grep -q ALL',
  },
  {
    by: ': > /home/phoenix_admin/.ssh/authorized_keys',
    of: 'AuthorizedKeys[phoenix_admin]',
    mended: 'grep -q admin@workstation /home/phoenix_admin/.ssh/authorized_keys',
  },
  {
    by: 'ln -sfn /nowhere /usr/local/bin/phoenix',
    of: 'Symlink[/usr/local/bin/phoenix]',
    mended: 'test "$(readlink /usr/local/bin/phoenix)" = /opt/phoenix/bin/phoenix',
  },
];

/** System calls that change a file, with what strace shows of their paths. */
const CHANGING_CALL =
  /\b(rename|renameat2?|unlink|unlinkat|mkdir|mkdirat|symlink|symlinkat|link|linkat|chmod|fchmodat2?|chown|lchown|fchownat|mknod|mknodat|truncate|mount|umount2|utimensat|setxattr|removexattr)\(/;
const OPENED_TO_WRITE = /\bopenat\([^)]*O_(WRONLY|RDWR|CREAT)/;
const ALLOWED = /"(\/var\/lib\/phoenix|\/dev\/(null|tty)|\/proc\/self\/fd)|\/proc\/\d+\/fd/;

describeLab('a host', (lab) => {
  /** Files outside the kernel's and the journal's folders that are newer than the mark. */
  const newerThanMark = (): Promise<string> =>
    lab.machine.succeed(
      'find / -xdev -newer /run/mark ! -path "/var/lib/phoenix*" ! -path "/var/log/journal*" ! -path "/tmp*" ! -path "/var/lib/systemd*" ! -path "/var/lib/chrony*" ! -type d -print',
    );

  it('converges from nothing, after a check that said so', async () => {
    await lab.phoenix.manifest(example('host.yaml'));
    await lab.machine.writeFile('/etc/phoenix/files/shared-readme.txt', example('files/shared-readme.txt'));
    await lab.machine.writeFile('/root/secrets.sh', example('host-secrets.sh'));
    await lab.machine.succeed('sh /root/secrets.sh');

    const check = await lab.phoenix.check(['--json']);
    assert.equal(check.code, 2, check.stderr);
    const setup = await lab.phoenix.setup(['--json']);
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    assert.deepEqual(
      actionsDone(setup.stdout),
      actionsPlanned(check.stdout),
      'the check predicts what setup does',
    );

    await lab.machine.succeed(
      'getent passwd phoenix_admin | grep -q :/bin/bash$ && id -nG phoenix_admin | grep -qw media',
    );
    await lab.machine.succeed(
      'test "$(hostname)" = phoenix && test "$(hostname -f)" = phoenix.internal.example.net',
    );
    await lab.machine.succeed('test "$(stat -c "%a %U %G" /srv/shared)" = "2775 root media"');
    await lab.machine.succeed(
      'systemctl is-active -q heartbeat.service && systemctl is-enabled -q heartbeat.service',
    );
    await lab.machine.succeed('test "$(readlink /usr/local/bin/phoenix)" = /opt/phoenix/bin/phoenix');
    await lab.machine.succeed('visudo -cq && sudo -l -U phoenix_admin | grep -q "(ALL : ALL) ALL"');
    for (const { mended } of DRIFTS) await lab.machine.succeed(mended);
  });

  it('is silent the second time: no output, no changing process, no file touched', async () => {
    await lab.machine.succeed('sleep 1; touch /run/mark; sleep 1');
    const again = await lab.machine.run('strace -f -qq -s 300 -e trace=execve -o /run/exec phoenix setup', {
      timeout: 300_000,
    });
    assert.deepEqual([again.code, again.stdout, again.stderr], [0, '', '']);
    const started = [
      ...(await lab.machine.succeed('cat /run/exec')).matchAll(/execve\("(?:[^"]*\/)?([^"/]+)"[^\n]*= 0/g),
    ].map(([, name]) => name ?? '');
    assert.ok(started.includes('dpkg-query'), 'strace saw what was started');
    assert.deepEqual(
      started.filter((name) => !READERS.test(name)),
      [],
    );
    const systemctl = [
      ...(await lab.machine.succeed('cat /run/exec')).matchAll(/systemctl", \["[^"]*", "([a-z-]+)"/g),
    ].map(([, verb]) => verb);
    assert.deepEqual(systemctl, ['show'], 'systemctl only shows, once');
    assert.equal(await newerThanMark(), '');
  });

  it('names every drift, and changes nothing while it checks', async () => {
    for (const { by } of DRIFTS) await lab.machine.succeed(by);
    await lab.machine.succeed('sleep 1; touch /run/mark; sleep 1');
    const check = await lab.machine.run(
      'strace -f -qq -y -s 300 -e trace=file,desc -e "trace=!read,write,close,lseek,mmap,fstat,poll,ppoll,epoll_wait,epoll_ctl,fcntl,ioctl" -o /run/files /opt/phoenix/bin/phoenix setup --check --no-color',
      { timeout: 600_000 },
    );
    assert.equal(check.code, 2, check.stderr);
    for (const { by, of } of DRIFTS)
      assert.ok(check.stdout.includes(`${of}:`), `${of} after ${by}\n${check.stdout}`);
    const calls = (
      await lab.machine.succeed(
        'grep -E "O_(WRONLY|RDWR|CREAT)|rename|unlink|mkdir|symlink|link|chmod|chown|mknod|truncate|mount|utimens|xattr" /run/files || true',
      )
    ).split('\n');
    const writes = calls.filter(
      (call) => (CHANGING_CALL.test(call) || OPENED_TO_WRITE.test(call)) && !ALLOWED.test(call),
    );
    assert.deepEqual(writes, []);
    assert.equal(await newerThanMark(), '');
  });

  it('mends them all, and nothing is left', async () => {
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    for (const { mended } of DRIFTS) await lab.machine.succeed(mended);
    const check = await lab.phoenix.check();
    assert.deepEqual([check.code, check.stdout], [0, '']);
  });

  it('explains a resource, and shows what is live as a manifest', async () => {
    const explained = await lab.phoenix.run(['explain', 'Directory[/srv/shared/ssl]', '--no-color']);
    assert.equal(explained.code, 0, explained.stderr);
    assert.match(explained.stdout, /step 13.*\n.*in sync.*\nrequires:\n {2}Directory\[\/srv\/shared\]/);
    const shown = await lab.phoenix.run(['show', 'UnixUser', '--all']);
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(shown.stdout, /^resources:\n/);
    assert.match(shown.stdout, /name: phoenix_admin/);
    assert.doesNotMatch(shown.stdout, /\$[6y]\$/, 'no password hash is shown');
  });

  it('holds back what is disruptive without a terminal and without --yes', async () => {
    await lab.machine.succeed('rm /etc/sudoers.d/phoenix_admin && chmod 0700 /srv/shared');
    const held = await lab.phoenix.run(['setup', '--no-color']);
    assert.equal(held.code, 3, held.stdout + held.stderr);
    assert.match(held.stdout, /SudoRule\[phoenix_admin\]: held back: disruptive; allow it with --yes/);
    await lab.machine.succeed('test "$(stat -c %a /srv/shared)" = 2775');
    await lab.machine.fail('test -e /etc/sudoers.d/phoenix_admin');
  });

  it('refuses a manifest that others could write, and one that is wrong', async () => {
    await lab.machine.succeed('chmod 0666 /etc/phoenix/phoenix.yaml');
    const untrusted = await lab.phoenix.setup();
    assert.equal(untrusted.code, 77);
    assert.match(untrusted.stderr, /\/etc\/phoenix\/phoenix\.yaml/);
    await lab.machine.succeed(
      'chmod 0600 /etc/phoenix/phoenix.yaml; sed -i "s/^initial:/initail:/" /etc/phoenix/phoenix.yaml',
    );
    const wrong = await lab.phoenix.setup();
    assert.equal(wrong.code, 78);
    assert.match(wrong.stderr, /phoenix\.yaml:5:1: initail: unknown key "initail"[^]*did you mean "initial"/);
  });
});

interface Entry {
  readonly type: string;
  readonly ref?: string;
  readonly action?: { readonly does: unknown };
  readonly plan?: { readonly resources: readonly { ref: string; actions?: readonly { does: unknown }[] }[] };
}

const entries = (ndjson: string): Entry[] =>
  ndjson
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry);

const actionsPlanned = (ndjson: string): string[] =>
  entries(ndjson)
    .flatMap(({ plan }) => plan?.resources ?? [])
    .flatMap(({ ref, actions = [] }) => actions.map(({ does }) => `${ref} ${JSON.stringify(does)}`))
    .sort();

const actionsDone = (ndjson: string): string[] =>
  entries(ndjson)
    .filter(({ type }) => type === 'action-done')
    .map(({ ref, action }) => `${ref ?? ''} ${JSON.stringify(action?.does)}`)
    .sort();
