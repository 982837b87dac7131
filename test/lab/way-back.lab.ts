/** A change that would cut the operator off takes itself back: over ssh, with phoenix alive and killed. A boot in between: way-back-network.lab.ts. */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

const PART = '/etc/ssh/sshd_config.d/10-lab.conf';
const STATE = '/var/lib/phoenix/way-back';

const manifest = (content: string, wayBack: string): string => `version: 1
wayBack: ${wayBack}
resources:
  - File: { path: ${PART}, content: "${content}\\n" }
    reloads: [ssh.service]
`;

/** Nobody may log in any more. */
const LOCKED = 'AllowUsers nobody';

describeLab('the way back', (lab) => {
  const agent = { via: 'agent' } as const;
  const waitUntil = (line: string) => lab.machine.waitUntil(line, 120_000, agent);

  /** In a session of its own, as after the operator's terminal is gone. */
  const start = async (): Promise<void> => {
    await lab.machine.succeed(
      'setsid /opt/phoenix/bin/phoenix setup --yes > /tmp/out 2>&1 < /dev/null & echo $! > /tmp/pid',
      agent,
    );
    await waitUntil(`test -e ${STATE}/armed.json -a -e ${PART}`);
  };
  const newLogin = 'ssh -o BatchMode=yes -o StrictHostKeyChecking=no -i /root/.ssh/lab root@127.0.0.1 true';
  const canLogIn = async (): Promise<boolean> => (await lab.machine.run(newLogin, agent)).code === 0;

  before(async () => {
    await lab.machine.succeed(
      'ssh-keygen -q -t ed25519 -N "" -f /root/.ssh/lab && cat /root/.ssh/lab.pub >> /root/.ssh/authorized_keys',
    );
    assert.ok(await canLogIn());
  });

  it('refuses what sshd would refuse, before anything is armed', async () => {
    await lab.phoenix.manifest(manifest('NoSuchKeyword yes', '{ within: 20s }'));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4, stdout);
    assert.match(stdout, /Bad configuration option: NoSuchKeyword/);
    await lab.machine.fail(`test -e ${PART} -o -e ${STATE}/armed.json`);
    assert.equal(await lab.machine.succeed('systemctl list-timers --all | grep -c way-back || true'), '0');
  });

  it('takes a lock-out back in time; the run has failed, and does not try it again by itself', async () => {
    await lab.phoenix.manifest(manifest(LOCKED, '{ within: 10s }'));
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assert.match(check.stdout, /\[disruptive\] {2}\[taken back unless confirmed\]/);
    await start();
    await waitUntil(`! ${newLogin}`);
    await waitUntil(newLogin);
    await lab.machine.fail(`test -e ${PART}`, agent);
    await waitUntil('! kill -0 $(cat /tmp/pid)');
    const out = await lab.machine.succeed('cat /tmp/out', agent);
    assert.match(out, /run `phoenix confirm` from a new login/);
    assert.match(out, /failed: taken back: nobody confirmed it in time/);
    const again = await lab.phoenix.setup();
    assert.equal(again.code, 3, again.stdout);
    assert.match(again.stdout, /taken back at .*, unconfirmed; to try again: --confirm 'File\[/);
    const late = await lab.phoenix.run(['confirm']);
    assert.equal(late.code, 4);
    assert.match(late.stdout, /too late/);
    await lab.machine.fail('ls /etc/systemd/system/phoenix-way-back.service');
  });

  it('goes on when the session over which it runs drops, and keeps what is confirmed from a new login', async () => {
    await lab.phoenix.manifest(manifest('MaxAuthTries 5', '{ within: 60s }'));
    const client = `ssh -tt -o StrictHostKeyChecking=no -i /root/.ssh/lab root@127.0.0.1`;
    await lab.machine.succeed(
      `${client} '/opt/phoenix/bin/phoenix setup --yes' > /dev/null 2>&1 < /dev/null & echo $! > /tmp/client`,
      agent,
    );
    await waitUntil(`grep -qsx 'MaxAuthTries 5' ${PART}`);
    await lab.machine.succeed('kill -KILL $(cat /tmp/client)', agent);
    const other = await lab.phoenix.setup();
    assert.equal(other.code, 75, other.stderr);
    const { code, stdout } = await lab.phoenix.run(['confirm']);
    assert.equal(code, 0);
    assert.match(stdout, /kept: File\[/);
    await waitUntil('! pgrep -f "[r]un.js setup" > /dev/null');
    await lab.machine.succeed(
      `grep -x 'MaxAuthTries 5' ${PART} && sshd -T | grep -ix 'maxauthtries 5'; grep -q '"exitCode":0' $(ls -d /var/lib/phoenix/runs/* | tail -1)/report.json`,
    );
    await lab.machine.fail('ls /etc/systemd/system/phoenix-way-back.service');
    assert.equal((await lab.phoenix.setup()).code, 0);
    assert.equal((await lab.phoenix.run(['confirm'])).stdout, 'nothing waits to be confirmed');
  });

  it('lets the probe of the manifest confirm', async () => {
    await lab.phoenix.manifest(manifest('MaxAuthTries 4', '{ within: 60s, probe: { ssh: true } }'));
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout);
    await lab.machine.succeed(`grep -x 'MaxAuthTries 4' ${PART}`);
    const probe = '{ within: 5s, probe: { command: [test, -e, /nowhere] } }';
    await lab.phoenix.manifest(manifest('MaxAuthTries 3', probe));
    const refused = await lab.phoenix.setup();
    assert.equal(refused.code, 4, refused.stdout);
    assert.match(refused.stdout, /the probe said: test: exit code 1/);
    await lab.machine.succeed(`grep -x 'MaxAuthTries 4' ${PART}`);
  });

  it('comes also when phoenix was killed', async () => {
    await lab.phoenix.manifest(manifest(LOCKED, '{ within: 10s }'));
    await lab.machine.succeed(`rm -f ${STATE}/taken-back.json`);
    await start();
    await waitUntil(`! ${newLogin}`);
    await lab.machine.succeed('kill -KILL $(cat /tmp/pid)', agent);
    await waitUntil(newLogin);
    await lab.machine.succeed(`grep -x 'MaxAuthTries 4' ${PART}`);
  });
});
