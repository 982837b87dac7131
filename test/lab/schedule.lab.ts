import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';

const UNITS = '/etc/systemd/system';
const STATE = '/var/lib/phoenix';
/** As often as the lab can bear, in place of hourly. */
const FAST = '[Timer]\\nOnCalendar=\\nOnCalendar=*:*:0/4\\nRandomizedDelaySec=0\\nAccuracySec=100ms\\n';

const RESOURCES = `
  - File: { path: /srv/a, content: "a\\n", mode: '0640' }
  - File: { path: /srv/b, content: "b\\n" }
  - Directory: { path: /srv/d, mode: '0750' }
  - Symlink: { path: /srv/link, target: a }
  - Sysctl: { key: vm.swappiness, value: 10 }
  - UnixGroup: { name: phxtest, gid: 4242 }
`;
const manifest = (schedule: string, more = ''): string =>
  `version: 1\nschedule: { ${schedule} }\nresources:${RESOURCES}${more}`;

/** What somebody does to the host, and how it is seen that it is undone. */
const DRIFTS: readonly (readonly [cause: string, undone: string])[] = [
  ['echo x > /srv/a', 'grep -qx a /srv/a'],
  ['rm /srv/b', 'grep -qx b /srv/b'],
  ['chmod 0777 /srv/d', 'test "$(stat -c %a /srv/d)" = 750'],
  ['ln -sfn /etc /srv/link', 'test "$(readlink /srv/link)" = a'],
  ['sysctl -qw vm.swappiness=77', 'test "$(cat /proc/sys/vm/swappiness)" = 10'],
  ['groupdel phxtest', 'getent group phxtest'],
];

/** In an order of chance, none twice: the same one again and again would be flapping. */
const shuffled = <T>(all: readonly T[]): T[] =>
  all
    .map((one) => ({ one, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);

/** Tries all that a check has no business with, from where a check runs; and what it must be able to read. */
const TRY = `#!/bin/bash
try() { if eval "$1" >/dev/null 2>&1; then echo "did: $1"; fi; }
may() { if ! eval "$1" >/dev/null 2>&1; then echo "could not: $1"; fi; }
{
  for place in /etc /usr /root /home /var/log /var/lib /srv /run /boot /opt /mnt; do try "touch $place/written"; done
  try 'echo x > /srv/a'
  try 'rm /srv/b'
  try 'chmod 0700 /srv/d'
  try 'echo 60 > /proc/sys/vm/swappiness'
  try 'echo 1 > /sys/fs/cgroup/cgroup.max.depth'
  try 'dd if=/dev/zero of=/dev/disk/by-id/virtio-spare-b bs=512 count=1 conv=nocreat'
  try 'mknod /tmp/disk b 252 0'
  try 'mount -t tmpfs t /mnt'
  try 'mount -o remount,rw /etc'
  try 'unshare --mount true'
  try 'modprobe dummy'
  try 'zfs set compression=off tank'
  try 'zpool create evil /dev/disk/by-id/virtio-spare-b'
  try 'hostname evil'
  try 'date -s 2030-01-01'
  try 'su nobody -s /bin/true'
  may 'touch ${STATE}/written'
  may 'cat /etc/shadow'
  may 'nft list ruleset'
  may 'zfs list tank'
  may 'head -c 512 /dev/disk/by-id/virtio-spare-b'
  may 'ls -l /proc/1/fd'
} > ${STATE}/tried
`;

/** Takes words at one port; at the other it never answers. */
const LISTENER = `import { createServer } from 'node:http';
import { appendFileSync } from 'node:fs';
createServer(() => undefined).listen(8098, '127.0.0.1');
createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => { appendFileSync('/root/words', body + '\\n'); response.end(); });
}).listen(8099, '127.0.0.1', () => appendFileSync('/root/words', ''));
`;
const NOTIFY = `notify:
  webhook: { url: 'http://127.0.0.1:8099/' }
  ntfy: { url: 'http://127.0.0.1:8098/hosts' }
  textfile: /srv/phoenix.prom
`;
interface Word {
  readonly news: string;
  readonly exitCode: number;
  readonly resources: readonly { readonly ref: string; readonly result: string }[];
}
const OTHERS =
  'systemctl show -p Id -p MainPID -p ExecMainStartTimestampMonotonic ssh.service chrony.service cron.service systemd-udevd.service';

describeLab('runs by the timer', (lab) => {
  const script = async (...lines: readonly string[]): Promise<string> =>
    await lab.machine.succeed(allOf(...lines));
  const phoenix = async (...args: string[]) => await lab.phoenix.run(args);
  const runNow = async (code: number): Promise<void> => {
    const ended = await phoenix('schedule', 'run-now');
    assert.equal(ended.code, code, ended.stdout + ended.stderr);
  };
  /** What the last run had to say, and the runs before it no more. */
  const saidBy = async (unit: string): Promise<string> =>
    await lab.machine.succeed(
      `journalctl --no-pager -o cat _SYSTEMD_INVOCATION_ID="$(systemctl show -P InvocationID ${unit})"`,
    );

  it('are set up by systemd, which starts them', async () => {
    await lab.phoenix.manifest(manifest('onCalendar: hourly'));
    assert.equal((await lab.phoenix.setup()).code, 0);
    await lab.machine.writeFile('/opt/try', TRY, '0755');
    // What an operator has put there stays; all at once, because systemd takes long to read its units here.
    await script(
      `mkdir -p ${UNITS}/phoenix.timer.d ${UNITS}/phoenix.service.d ${UNITS}/phoenix-check.service.d`,
      `printf '${FAST}' > ${UNITS}/phoenix.timer.d/zz-lab.conf`,
      `printf '[Service]\\nExecStartPost=/bin/sh -c "readlink /proc/self/ns/mnt > /root/namespace"\\n' > ${UNITS}/phoenix.service.d/zz-lab.conf`,
      `printf '[Service]\\nExecStartPost=/opt/try\\n' > ${UNITS}/phoenix-check.service.d/zz-lab.conf`,
      `${OTHERS} > /root/others`,
    );
    const { code, stdout, stderr } = await phoenix('schedule', 'enable');
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      stdout,
      /^timer: next run .*\nmanifest: hourly, up to 10m later; converges, at most what is safe\n/,
    );
    assert.match(stdout, /last run: none yet$/);
    await script(
      `systemd-analyze verify --man=no ${UNITS}/phoenix.timer ${UNITS}/phoenix.service ${UNITS}/phoenix-check.service`,
      'systemctl is-enabled phoenix.timer && systemctl is-active phoenix.timer',
    );
  });

  it('bring back over a day whatever somebody changes, touch nothing else, and see what the host sees', async () => {
    const day = shuffled(DRIFTS).slice(0, 4);
    await script(
      ...day.map(
        ([cause, undone]) =>
          `${cause}; timeout 100 sh -c 'until ${undone.replaceAll("'", `'\\''`)}; do sleep 0.3; done'`,
      ),
      'systemctl stop phoenix.timer',
      'while systemctl show -P ActiveState phoenix.service | grep -q ing; do sleep 0.3; done',
      '! systemctl is-failed -q phoenix.service',
      `${OTHERS} | diff /root/others -`,
      // a mount namespace of its own would hide from the host what phoenix mounts
      'test "$(cat /root/namespace)" = "$(readlink /proc/1/ns/mnt)"',
    );
    const history = await phoenix('history', '--json');
    const drifted = history.stdout
      .split('\n')
      .filter((line) => line.includes('"by":"the timer"'))
      .flatMap((line) => (JSON.parse(line) as { differed: { ref: string; origin: string }[] }).differed);
    assert.deepEqual(
      drifted.map(({ origin }) => origin),
      day.map(() => 'drift'),
      history.stdout,
    );
  });

  it('do nothing while they are paused; who starts setup by hand is told', async () => {
    assert.equal((await phoenix('pause', 'a disk is being replaced', '--until', '2h')).code, 0);
    await script('echo x > /srv/a');
    await runNow(0);
    await script('grep -qx x /srv/a');
    assert.match(
      await saidBy('phoenix.service'),
      /nothing is done: paused by root since 20\S+, until 20\S+: a disk is being replaced/,
    );
    assert.match(
      (await phoenix('schedule', 'status')).stdout,
      /^paused by root .*: a disk is being replaced$/m,
    );
    assert.match((await phoenix('report')).stdout, /^runs by the timer are paused by root /m);
    const byHand = await lab.phoenix.setup();
    assert.equal(byHand.code, 0);
    assert.match(
      byHand.stderr,
      /runs by the timer are paused by root .*; this run goes on, since you have started it/,
    );
    await script('grep -qx a /srv/a', 'echo y > /srv/a');
    assert.equal((await phoenix('resume')).stdout, 'no longer paused');
    await runNow(0);
    await script('grep -qx a /srv/a');
  });

  it('only report within a quiet window, and what is riskier than the manifest allows waits', async () => {
    const hour = Number(await lab.machine.succeed('date +%-H'));
    const window = [hour, hour + 2].map((one) => `${String(one % 24).padStart(2, '0')}:00`).join('-');
    await lab.phoenix.manifest(manifest(`quiet: ['${window}']`));
    await script('chmod 0644 /srv/a');
    await runNow(2);
    await script('test "$(stat -c %a /srv/a)" = 644', '! systemctl is-failed -q phoenix.service');
    assert.match(await saidBy('phoenix.service'), /\(schedule\.quiet\): this run only reports/);
    assert.match((await phoenix('schedule', 'status')).stdout, /^timer: .*\nmanifest: .*; only reports at /);
    await lab.phoenix.manifest(
      manifest('', '  - SudoRule: { name: phxtest, rules: [{ group: phxtest }] }\n'),
    );
    await runNow(3);
    await script(
      'test "$(stat -c %a /srv/a)" = 640 && test ! -e /etc/sudoers.d/phxtest',
      '! systemctl is-failed -q phoenix.service',
    );
  });

  it('hold what is flapping; who wants to know is told, and who does not answer costs ten seconds and no more', async () => {
    await lab.machine.writeFile('/root/listen.mjs', LISTENER);
    await script(
      'systemd-run --quiet --unit=listener /usr/local/bin/node /root/listen.mjs && until test -e /root/words; do sleep 0.2; done',
    );
    await lab.phoenix.manifest(manifest('', NOTIFY));
    const run = 'echo x > /srv/b; systemctl start phoenix.service';
    await script(
      `${run}; grep -qx b /srv/b`,
      'test "$(systemctl show -P ExecMainStatus phoenix.service)" = 0',
      'monotonic() { systemctl show -P "ExecMain$1TimestampMonotonic" phoenix.service; }; test $(($(monotonic Exit) - $(monotonic Start))) -lt 30000000',
      `${run}; grep -qx b /srv/b`,
      `${run}; grep -qx b /srv/b`,
      `${run}; grep -qx x /srv/b`,
      'test "$(systemctl show -P ExecMainStatus phoenix.service)" = 3',
      'grep -qx \'phoenix_last_run_exit_code{does="setup"} 3\' /srv/phoenix.prom',
    );
    assert.match(
      await saidBy('phoenix.service'),
      /File\[\/srv\/b\]: held back: flapping: brought back in 3 runs in a row/,
    );
    assert.match(
      await lab.machine.succeed('journalctl --no-pager -o cat -u phoenix.service'),
      /nobody could be told by ntfy \(notify\.ntfy\): no answer within 10 s/,
    );
    const words = (await lab.machine.succeed('cat /root/words'))
      .split('\n')
      .map((line) => JSON.parse(line) as Word);
    assert.deepEqual(
      words.map(({ news, exitCode, resources }) => [news, exitCode, resources[0]?.ref, resources[0]?.result]),
      [
        ['drift', 0, 'File[/srv/b]', 'converged'],
        ['drift', 3, 'File[/srv/b]', 'held'],
      ],
    );
    assert.equal((await lab.phoenix.setup()).code, 0);
    await script('grep -qx b /srv/b', 'systemctl stop listener.service');
  });

  it('as a check cannot write to the host, and can read all of it', async () => {
    await script('zpool create tank /dev/disk/by-id/virtio-spare-a', 'rm -rf /etc/phoenix/phoenix.yaml');
    assert.equal((await phoenix('adopt', '--output', '/etc/phoenix/phoenix.yaml')).code, 0);
    await script(
      `printf 'schedule: { mode: check }\\n' >> /etc/phoenix/phoenix.yaml`,
      '/opt/phoenix/bin/phoenix schedule enable && systemctl stop phoenix.timer',
      `test "$(systemctl show -P Unit phoenix.timer)" = phoenix-check.service`,
      'while systemctl show -P ActiveState phoenix-check.service | grep -q ing; do sleep 0.3; done',
    );
    await runNow(0);
    await lab.phoenix.manifest(manifest('mode: check'));
    await script('echo x > /srv/a');
    await runNow(2);
    await script('grep -qx x /srv/a', '! systemctl is-failed -q phoenix-check.service');
    assert.match(await saidBy('phoenix-check.service'), /^~ File\[\/srv\/a\]: write the content/m);

    assert.equal(
      await lab.machine.succeed(`cat ${STATE}/tried`),
      '',
      'what a check could do, and what it could not read',
    );
    await script(`rm ${STATE}/tried ${STATE}/written`);
  });

  it('are gone without a trace when they are disabled', async () => {
    await script(`rm ${UNITS}/phoenix*.d/zz-lab.conf`);
    assert.equal((await phoenix('schedule', 'disable')).code, 0);
    await script(
      `test -z "$(find /etc/systemd /run/systemd/transient /var/lib/systemd/timers -name '*phoenix*')"`,
      `test "$(systemctl show -P LoadState phoenix.timer)" = not-found`,
      'test -z "$(systemctl --failed --no-legend)"',
    );
    assert.match(
      (await phoenix('schedule', 'status')).stdout,
      /^timer: not set up; phoenix schedule enable\n/,
    );
  });
});
