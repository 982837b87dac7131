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
  - SystemdUnit:
      name: crash.service
      content: "[Service]\\nExecStart=/bin/sleep infinity\\nUser=svc\\n[Install]\\nWantedBy=multi-user.target\\n"
      enabled: enabled
      state: started
command: {}
`;

/** Takes back everything, so that a run has all of its work before it. */
const UNDO = `
systemctl disable -q --now crash.service 2>/dev/null; rm -rf /etc/systemd/system/crash.service /srv/crash /usr/local/bin/phoenix /home/boss
systemctl daemon-reload
userdel boss 2>/dev/null; userdel svc 2>/dev/null; groupdel crew 2>/dev/null
rm -f /etc/sudoers.d/boss /etc/sysctl.d/95-phoenix-vm.swappiness.conf; sysctl -qw vm.swappiness=60
mkdir -m 0755 /srv/crash; echo old > /srv/crash/old
`;

/** Everything that the manifest is about, as the system's own tools see it; numbers that are free to differ are names here. */
const FINGERPRINT = `
{ getent passwd svc boss | cut -d: -f1,5-; id -Gn svc; id -Gn boss; getent shadow boss | cut -d: -f1-2
find /srv/crash /home/boss /etc/sudoers.d /etc/sysctl.d /usr/local/bin -printf '%p %y %m %u %g %l\\n' | grep -v 'sudoers.d/README' | sort
cat /srv/crash/old /srv/crash/fresh /home/boss/.ssh/authorized_keys /etc/sudoers.d/boss /etc/systemd/system/crash.service
sysctl vm.swappiness; systemctl is-enabled crash.service; systemctl is-active crash.service; visudo -c >/dev/null && echo sudoers good; } 2>&1
`;

describeLab('a run that is cut off', (lab) => {
  let undisturbed = '';
  let duration = 0;

  before(async function () {
    this.timeout(900_000);
    await lab.phoenix.manifest(MANIFEST);
    await lab.machine.succeed(
      'umask 077; mkdir -p /etc/phoenix/secrets; openssl passwd -6 -salt fixed secret > /etc/phoenix/secrets/boss.hash',
    );
    await lab.machine.writeFile('/root/undo.sh', UNDO);
    await lab.machine.writeFile('/root/fingerprint.sh', FINGERPRINT);
    await lab.machine.succeed('sh /root/undo.sh');
    const began = Date.now();
    const setup = await lab.phoenix.setup();
    duration = Date.now() - began;
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    undisturbed = await lab.machine.succeed('sh /root/fingerprint.sh');
    assert.match(undisturbed, /new content/);
    assert.match(undisturbed, /sudoers good/);
  });

  for (let round = 1; round <= ROUNDS; round += 1)
    it(`is mended by the next run, killed at moment ${round} of ${ROUNDS}`, async () => {
      await lab.machine.succeed('sh /root/undo.sh');
      // A random moment in each twentieth of an undisturbed run.
      const after = ((round - 1 + Math.random()) / ROUNDS) * duration;
      const { stdout: killed } = await lab.machine.run(
        `/opt/phoenix/bin/phoenix setup --yes >/run/killed 2>&1 & pid=$!; sleep ${(after / 1000).toFixed(3)}; kill -9 $pid && echo killed; wait $pid; readlink /var/lib/phoenix/under-way`,
        { timeout: 120_000 },
      );
      const next = await lab.phoenix.setup();
      const where = `killed after ${Math.round(after)} of ${duration} ms\n${killed}${next.stdout}${next.stderr}`;
      assert.equal(next.code, 0, where);
      assert.equal(await lab.machine.succeed('sh /root/fingerprint.sh'), undisturbed, where);
      assert.equal(
        await lab.machine.succeed(
          'find /etc /srv /home /usr/local/bin /var/lib/phoenix -name ".phoenix-tmp-*"',
        ),
        '',
        where,
      );
      await lab.machine.fail('test -e /var/lib/phoenix/under-way');
    });

  it('says what was under way', async () => {
    await lab.machine.succeed('sh /root/undo.sh');
    await lab.machine.succeed(
      `/opt/phoenix/bin/phoenix setup --yes >/run/killed 2>&1 & pid=$!; until test -e /var/lib/phoenix/under-way; do sleep 0.02; done; kill -9 $pid; wait $pid; true`,
      { timeout: 120_000 },
    );
    const next = await lab.phoenix.setup(['--json']);
    assert.equal(next.code, 0, next.stderr);
    assert.match(next.stdout, /"type":"note".*was cut off during \\".*\\" of /);
  });

  it('survives a power cut', async () => {
    await lab.machine.succeed('sh /root/undo.sh; sync');
    await lab.machine.crashAfter(duration * 0.7, '/opt/phoenix/bin/phoenix setup --yes');
    await lab.machine.start();
    const next = await lab.phoenix.setup();
    assert.equal(next.code, 0, next.stdout + next.stderr);
    assert.equal(await lab.machine.succeed('sh /root/fingerprint.sh'), undisturbed);
    const again = await lab.phoenix.setup();
    assert.deepEqual([again.code, again.stdout], [0, '']);
  });
});
