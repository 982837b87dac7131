import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

const manifest = (...units: string[]): string =>
  `version: 1\nresources:\n${units.map((unit) => `  - SystemdUnit: { ${unit} }\n`).join('')}`;

const CONTENT = (seconds: string): string =>
  String.raw`content: "[Service]\nExecStart=/bin/sleep ${seconds}\n[Install]\nWantedBy=multi-user.target\n"`;
const DROPIN = String.raw`dropins: { 10-nice.conf: "[Service]\nNice=7\n" }`;
const LAB = `name: lab.service, ${CONTENT('infinity')}, ${DROPIN}, enabled: enabled, state: started`;

describeLab('SystemdUnit', (lab) => {
  const isRight = async (): Promise<void> => {
    await lab.machine.succeed('systemctl is-active lab.service');
    await lab.machine.succeed('systemctl is-enabled lab.service | grep -qx enabled');
    await lab.machine.succeed('head -1 /etc/systemd/system/lab.service | grep -q "managed by phoenix"');
    await lab.machine.succeed('test "$(systemctl show -P NeedDaemonReload lab.service)" = no');
    await lab.machine.succeed('test "$(systemctl show -P Nice lab.service)" = 7');
    await lab.machine.succeed(
      'test "$(ps -o ni= -p "$(systemctl show -P MainPID lab.service)" | tr -d " ")" = 7',
    );
  };
  const repairs = async (property: RegExp): Promise<void> => {
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assert.match(check.stdout, /SystemdUnit\[lab\.service\]/);
    assert.match(check.stdout, property);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await isRight();
    assert.equal((await lab.phoenix.check()).code, 0);
  };

  it('writes, enables and starts a unit, and leaves it alone the second time', async () => {
    await lab.phoenix.manifest(manifest(LAB));
    await repairs(/enable/);
    await lab.machine.succeed('systemctl show -P InvocationID lab.service > /root/before');
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('systemctl show -P InvocationID lab.service | cmp - /root/before');
  });

  for (const [title, command, property] of [
    ['a stopped unit', 'systemctl stop lab.service', /start/],
    ['a killed unit', 'systemctl kill -s KILL lab.service; sleep 1', /start/],
    ['a disabled unit', 'systemctl disable lab.service', /enable/],
    ['a changed unit file', 'echo "# x" >> /etc/systemd/system/lab.service', /lab\.service/],
    ['a writable unit file', 'chmod 666 /etc/systemd/system/lab.service', /mode/],
    ['a changed drop-in', 'sed -i s/7/8/ /etc/systemd/system/lab.service.d/10-nice.conf', /10-nice\.conf/],
    ['a removed drop-in', 'rm -r /etc/systemd/system/lab.service.d', /10-nice\.conf/],
    [
      'a removed unit',
      'systemctl disable --now lab.service; rm /etc/systemd/system/lab.service; systemctl daemon-reload',
      /lab\.service/,
    ],
    ['a missing daemon-reload', 'touch -d "+1 min" /etc/systemd/system/lab.service', /NeedDaemonReload/],
  ] as const)
    it(`repairs ${title}`, async () => {
      await lab.phoenix.manifest(manifest(LAB));
      await lab.machine.succeed(command);
      await repairs(property);
    });

  it('restarts when the content changes, and only then', async () => {
    await lab.phoenix.manifest(manifest(LAB.replace('infinity', '90000')));
    await lab.machine.succeed('systemctl show -P InvocationID lab.service > /root/before');
    await repairs(/90000/);
    await lab.machine.fail('systemctl show -P InvocationID lab.service | cmp - /root/before');
    await lab.machine.succeed('pgrep -fx "/bin/sleep 90000"');
    await lab.phoenix.manifest(manifest(`${LAB.replace('infinity', '80000')}, restart: never`));
    await lab.machine.succeed('systemctl show -P InvocationID lab.service > /root/before');
    await repairs(/80000/);
    await lab.machine.succeed('systemctl show -P InvocationID lab.service | cmp - /root/before');
  });

  it('removes its own drop-in that is not wanted any more, and keeps those of others', async () => {
    await lab.phoenix.manifest(manifest(LAB));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed(
      'printf "[Service]\\nOOMScoreAdjust=5\\n" > /etc/systemd/system/lab.service.d/theirs.conf',
    );
    await lab.machine.succeed('systemctl daemon-reload');
    await lab.phoenix.manifest(
      manifest(LAB.replace(DROPIN, String.raw`dropins: { 20-new.conf: "[Service]\nNice=7\n" }`)),
    );
    await repairs(/10-nice\.conf/);
    await lab.machine.succeed(
      'test "$(ls /etc/systemd/system/lab.service.d | xargs)" = "20-new.conf theirs.conf"',
    );
    await lab.machine.succeed('rm /etc/systemd/system/lab.service.d/theirs.conf; systemctl daemon-reload');
  });

  it('writes nothing that systemd-analyze rejects', async () => {
    await lab.machine.succeed('cat /etc/systemd/system/lab.service > /root/before');
    for (const bad of [
      LAB.replace('ExecStart', 'Bogus=1\\nExecStart'),
      LAB.replace('ExecStart', 'Type=oneshoot\\nExecStart'),
      LAB.replace('/bin/sleep', '/bin/no-such-program'),
      LAB.replace('Nice=7', 'Nice=700'),
    ]) {
      await lab.phoenix.manifest(manifest(bad));
      const setup = await lab.phoenix.setup(['--yes']);
      assert.equal(setup.code, 4);
      assert.match(setup.stdout + setup.stderr, /systemd-analyze verify rejects lab\.service/);
      await lab.machine.succeed('cmp /etc/systemd/system/lab.service /root/before');
      await lab.machine.fail('grep -r 700 /etc/systemd/system/lab.service.d');
      await lab.machine.fail('test -e /run/phoenix-verify');
    }
    await lab.machine.succeed('systemctl is-active lab.service');
  });

  it('verifies a drop-in for the unit of a package', async () => {
    await lab.phoenix.manifest(
      manifest(String.raw`name: cron.service, dropins: { lab.conf: "[Service]\nBogus=7\n" }`),
    );
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 4);
    await lab.machine.fail('test -e /etc/systemd/system/cron.service.d/lab.conf');
    await lab.phoenix.manifest(
      manifest(String.raw`name: cron.service, dropins: { lab.conf: "[Service]\nNice=7\n" }`),
    );
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('test "$(systemctl show -P Nice cron.service)" = 7');
    await lab.phoenix.manifest(manifest('name: cron.service, ensure: absent'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.fail('test -e /etc/systemd/system/cron.service.d');
    await lab.machine.succeed('systemctl is-active cron.service && systemctl is-enabled cron.service');
  });

  it('fails with the last words of a unit that does not survive its start', async () => {
    const content = String.raw`content: "[Service]\nExecStart=/bin/sh -c 'echo last words; exit 3'\n"`;
    await lab.phoenix.manifest(manifest(`name: short.service, ${content}, state: started`));
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 4);
    assert.match(setup.stdout + setup.stderr, /last words/);
    await lab.phoenix.manifest(manifest('name: short.service, ensure: absent'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
  });

  it('judges a oneshot by its result', async () => {
    const content = String.raw`content: "[Service]\nType=oneshot\nExecStart=/bin/test -e /root/fine\n"`;
    await lab.machine.succeed('touch /root/fine');
    await lab.phoenix.manifest(manifest(`name: once.service, ${content}, state: started`));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    assert.equal((await lab.phoenix.check()).code, 0);
    await lab.machine.succeed('rm /root/fine; systemctl start once.service || true; touch /root/fine');
    assert.equal((await lab.phoenix.check()).code, 2);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('test "$(systemctl show -P Result once.service)" = success');
  });

  it('masks and unmasks', async () => {
    await lab.phoenix.manifest(manifest('name: cron.service, enabled: masked, state: stopped'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('test "$(systemctl is-enabled cron.service)" = masked');
    await lab.machine.fail('systemctl is-active cron.service');
    assert.equal((await lab.phoenix.check()).code, 0);
    await lab.phoenix.manifest(manifest('name: cron.service, enabled: enabled, state: started'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.succeed('systemctl is-enabled cron.service && systemctl is-active cron.service');
    await lab.machine.succeed('systemctl enable cron.service; systemctl disable cron.service');
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
  });

  it('refuses to mask over a unit file in /etc', async () => {
    await lab.phoenix.manifest(manifest('name: lab.service, enabled: masked'));
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 4);
    assert.match(setup.stdout, /cannot be masked/);
    await lab.machine.succeed('test -f /etc/systemd/system/lab.service');
  });

  it('counts static units as enabled', async () => {
    await lab.phoenix.manifest(manifest('name: systemd-tmpfiles-clean.service, enabled: enabled'));
    assert.equal((await lab.phoenix.check()).code, 0);
  });

  it('starts a timer with its service, and needs few daemon-reloads for many units', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const services = names.map(
      (name) =>
        String.raw`name: many-${name}.service, content: "[Service]\nType=oneshot\nExecStart=/bin/true\n"`,
    );
    const timers = names.map(
      (name) =>
        String.raw`name: many-${name}.timer, content: "[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n", enabled: enabled, state: started`,
    );
    await lab.machine.succeed('date "+%F %T" > /root/since; sleep 1');
    await lab.phoenix.manifest(manifest(...services, ...timers));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    for (const name of names)
      await lab.machine.succeed(
        `systemctl is-active many-${name}.timer && systemctl is-enabled many-${name}.timer`,
      );
    // systemd 252 says "Reloading.", 257 says "Reloading finished in …".
    await lab.machine.succeed(
      String.raw`test "$(journalctl _PID=1 --since "$(cat /root/since)" | grep -cE 'Reloading(\.$| finished)')" -le 5`,
    );
    assert.equal((await lab.phoenix.check()).code, 0);
  });

  it('never restarts ssh by itself', async () => {
    await lab.machine.succeed('systemctl show -P InvocationID ssh.service > /root/before');
    await lab.phoenix.manifest(
      manifest(String.raw`name: ssh.service, dropins: { lab.conf: "[Service]\nNice=-1\n" }`),
    );
    const setup = await lab.phoenix.setup(['--yes']);
    assert.equal(setup.code, 0);
    assert.match(setup.stdout, /when you restart ssh\.service/);
    await lab.machine.succeed('systemctl show -P InvocationID ssh.service | cmp - /root/before');
  });

  it('stops, disables and removes a unit of its own, and refuses that of somebody else', async () => {
    await lab.phoenix.manifest(manifest('name: lab.service, ensure: absent'));
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 0);
    await lab.machine.fail('systemctl cat lab.service');
    await lab.machine.fail('pgrep -f "/bin/slee[p] infinity"');
    await lab.machine.fail('find /etc/systemd/system | grep -q /lab.service');
    assert.equal((await lab.phoenix.check()).code, 0);
    await lab.machine.succeed(
      'printf "[Service]\\nExecStart=/bin/true\\n" > /etc/systemd/system/lab.service',
    );
    assert.equal((await lab.phoenix.setup(['--yes'])).code, 4);
    await lab.machine.succeed('test -f /etc/systemd/system/lab.service');
  });
});
