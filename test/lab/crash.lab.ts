/** A run that is killed at any moment leaves a host that the next run converges to the same end. */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';

const ROUNDS = 20;

const MANIFEST = `version: 1
serviceUsers:
  - { name: svc, system: true, shell: /usr/sbin/nologin, home: /var/lib/svc, groups: [crew] }
adminUsers:
  - name: boss
    shell: /bin/bash
    groups: [crew]
    passwordHash: { file: /etc/phoenix/secrets/boss.hash }
    sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBl2eAH0t8PXkdxTW9rFEZXCRXcvTTi1lC6uzAk5vcNU boss]
    sudo: true
sharedResources:
  directories:
    - { path: /srv/crash, owner: svc, group: crew, mode: '2770' }
resources:
  - Sysctl: { key: vm.swappiness, value: 11 }
  - File: { path: /srv/crash/old, content: new content, mode: '0640', owner: svc }
  - File: { path: /srv/crash/fresh, content: fresh, group: crew }
  - Symlink: { path: /srv/crash/link, target: fresh }
command: {}
`;

/** Takes back everything, so that a run has all of its work before it. */
const UNDO = `
rm -rf /srv/crash /usr/local/bin/phoenix /home/boss
userdel boss; userdel svc; groupdel crew
rm -f /etc/sudoers.d/boss /etc/sysctl.d/95-phoenix-vm.swappiness.conf; sysctl -qw vm.swappiness=60
mkdir -m 0755 /srv/crash; echo old > /srv/crash/old
`;

/** Everything that the manifest is about, as the system's own tools see it; numbers that are free to differ are names. */
const FINGERPRINT = `
getent passwd svc boss | cut -d: -f1,5-; id -Gn svc; id -Gn boss; getent shadow boss | cut -d: -f1-2
find /srv/crash /home/boss /etc/sudoers.d /etc/sysctl.d /usr/local/bin -printf '%p %y %m %u %g %l\\n' | sort
cat /srv/crash/old /srv/crash/fresh /home/boss/.ssh/authorized_keys /etc/sudoers.d/boss
sysctl vm.swappiness; visudo -c > /dev/null && echo sudoers good
find /etc /srv /home /usr/local/bin /var/lib/phoenix -name '.phoenix-tmp-*'; readlink /var/lib/phoenix/under-way
true
`;

/** In one go, because each login takes time too. Prints what the killed run and the next one said, then the end state. */
const ROUND = `
sh /root/undo.sh 2>/dev/null
/opt/phoenix/bin/phoenix setup --yes > /dev/null 2>&1 & pid=$!
sleep "$1"; kill -9 $pid 2>/dev/null && echo killed; wait $pid 2>/dev/null
/opt/phoenix/bin/phoenix setup --yes > /run/next 2>&1 || { echo "exit code $?"; cat /run/next; }
echo; echo END STATE
sh /root/fingerprint.sh 2>&1
`;

describeLab('a run that is cut off', (lab) => {
  let undisturbed = '';
  let duration = 0;

  const round = async (seconds: number): Promise<{ killed: boolean; said: string; end: string }> => {
    const output = await lab.machine.succeed(`sh /root/round.sh ${seconds.toFixed(3)}`, { timeout: 300_000 });
    const [said = '', end = ''] = output.split('\nEND STATE\n');
    return { killed: said.includes('killed'), said, end: end.trim() };
  };

  before(async function () {
    this.timeout(900_000);
    await lab.phoenix.manifest(MANIFEST);
    await lab.machine.succeed(
      'umask 077; mkdir -p /etc/phoenix/secrets; openssl passwd -6 -salt fixed secret > /etc/phoenix/secrets/boss.hash',
    );
    await lab.machine.writeFile('/root/undo.sh', UNDO);
    await lab.machine.writeFile('/root/fingerprint.sh', FINGERPRINT);
    await lab.machine.writeFile('/root/round.sh', ROUND);
    // The first run also reads the program from the disk: the second is what is cut off later.
    for (const _ of ['cold', 'warm']) {
      await lab.machine.succeed('sh /root/undo.sh 2>/dev/null');
      const began = Date.now();
      const setup = await lab.phoenix.setup();
      duration = (Date.now() - began) / 1000;
      assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    }
    undisturbed = (await lab.machine.succeed('sh /root/fingerprint.sh 2>&1')).trim();
    assert.match(undisturbed, /new content/);
    assert.match(undisturbed, /sudoers good$/, 'no temporary file and no run under way after it');
  });

  it(`is mended by the next run, killed at ${ROUNDS} random moments`, async function () {
    this.timeout(2_400_000);
    let killed = 0;
    for (let number = 0; number < ROUNDS; number += 1) {
      // A random moment in each twentieth of an undisturbed run.
      const after = ((number + Math.random()) / ROUNDS) * duration;
      const result = await round(after);
      const where = `killed after ${after.toFixed(3)} of ${duration.toFixed(3)} s\n${result.said}`;
      assert.doesNotMatch(result.said, /exit code/, where);
      assert.equal(result.end, undisturbed, where);
      if (result.killed) killed += 1;
    }
    assert.ok(killed >= ROUNDS / 2, `only ${killed} of the runs were still there to be killed`);
  });

  it('says what was under way', async () => {
    await lab.machine.succeed('sh /root/undo.sh 2>/dev/null');
    await lab.machine.succeed(
      `/opt/phoenix/bin/phoenix setup --yes >/run/killed 2>&1 & pid=$!; until grep -qs begin /var/lib/phoenix/under-way/journal.jsonl; do :; done; kill -9 $pid; wait $pid; true`,
      { timeout: 120_000 },
    );
    const next = await lab.phoenix.setup(['--json']);
    assert.equal(next.code, 0, next.stderr);
    assert.match(next.stdout, /"type":"note".*was cut off during \\".*\\" of /);
  });

  it('still restarts a unit whose file was changed just before', async () => {
    await lab.phoenix.manifest(`version: 1
resources:
  - File: { path: /srv/crash/old, content: newer content }
    restarts: [held.service]
`);
    await lab.machine.writeFile(
      '/etc/systemd/system/held.service',
      '[Service]\nExecStart=/bin/sleep infinity\n',
    );
    await lab.machine.succeed(
      'echo old > /srv/crash/old; systemctl daemon-reload; systemctl start held.service',
    );
    const before = await lab.machine.succeed('systemctl show -p MainPID --value held.service');
    await lab.machine.succeed(
      `/opt/phoenix/bin/phoenix setup --yes >/run/killed 2>&1 & pid=$!; until grep -q newer /srv/crash/old; do :; done; kill -9 $pid; wait $pid; true`,
      { timeout: 120_000 },
    );
    assert.equal(
      await lab.machine.succeed('systemctl show -p MainPID --value held.service'),
      before,
      'not restarted yet',
    );
    const next = await lab.phoenix.setup();
    assert.equal(next.code, 0, next.stdout + next.stderr);
    assert.match(next.stdout, /owed since .*restart held\.service \(for File\[\/srv\/crash\/old\]\)/);
    assert.notEqual(await lab.machine.succeed('systemctl show -p MainPID --value held.service'), before);
    const again = await lab.phoenix.setup();
    assert.deepEqual([again.code, again.stdout], [0, '']);
  });

  it('survives a power cut', async () => {
    await lab.phoenix.manifest(MANIFEST);
    await lab.machine.succeed('sh /root/undo.sh 2>/dev/null; sync');
    await lab.machine.crashAfter(duration * 700, '/opt/phoenix/bin/phoenix setup --yes');
    await lab.machine.start();
    const next = await lab.phoenix.setup();
    assert.equal(next.code, 0, next.stdout + next.stderr);
    assert.equal((await lab.machine.succeed('sh /root/fingerprint.sh 2>&1')).trim(), undisturbed);
  });
});
