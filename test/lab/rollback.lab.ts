/** A run over many kinds is taken back: the host is as it was before, as the system's own tools see it. */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';

const ZONE = 'lab.example.net';
const unit = (name: string, seconds: number, more = ''): string =>
  `  - SystemdUnit: { name: ${name}.service, enabled: enabled, state: started, content: "[Service]\\nExecStart=/bin/sleep ${String(seconds)}\\n[Install]\\nWantedBy=multi-user.target\\n" }\n${more}`;

const BEFORE = `version: 1
initial:
  timezone: Europe/Berlin
  sysctl: { vm.swappiness: 11 }
zfs:
  datasets: [{ name: tank/data, properties: { compression: lz4 } }]
nfs:
  exports: [{ path: /srv/out, clients: [{ host: 10.9.0.0/24, options: [ro] }] }]
dns:
  listen: [10.9.0.1]
  zones: [{ name: ${ZONE}, records: [{ name: web, type: A, value: 10.0.0.1 }] }]
serviceUsers:
  - { name: svc, shell: /bin/sh, groups: [games] }
samba:
  shares: [{ name: pub, path: /srv/out, comment: old }]
resources:
  - File: { path: /srv/f, content: "old\\n", mode: '0644' }
  - File: { path: /srv/precious, content: "keep me\\n" }
  - Directory: { path: /srv/d, mode: '0755' }
  - Symlink: { path: /srv/link, target: f }
${unit('ticker', 100_000)}`;

const AFTER = `version: 1
initial:
  timezone: Asia/Tokyo
  sysctl: { vm.swappiness: 22, vm.dirty_ratio: 33 }
zfs:
  datasets:
    - { name: tank/data, properties: { compression: zstd, atime: off } }
    - { name: tank/new }
nfs:
  exports:
    - { path: /srv/out, clients: [{ host: 10.9.0.0/24, options: [rw] }] }
    - { path: /srv/d, clients: [{ host: 10.9.0.2, options: [ro] }] }
dns:
  listen: [10.9.0.1]
  zones: [{ name: ${ZONE}, records: [{ name: web, type: A, value: 10.0.0.2 }, { name: new, type: A, value: 10.0.0.3 }] }]
serviceUsers:
  - { name: svc, shell: /bin/bash, groups: [games, crew] }
samba:
  shares:
    - { name: pub, path: /srv/out, comment: new, readOnly: false }
    - { name: more, path: /srv/d }
adminUsers:
  - { name: boss, shell: /bin/bash, sudo: true, sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBl2eAH0t8PXkdxTW9rFEZXCRXcvTTi1lC6uzAk5vcNU boss] }
resources:
  - UnixGroup: { name: crew, gid: 4242 }
  - File: { path: /srv/f, content: "new\\n", mode: '0600' }
  - File: { path: /srv/precious, ensure: absent }
  - File: { path: /srv/made, content: "made\\n" }
  - Directory: { path: /srv/d, mode: '2775', group: games }
  - Directory: { path: /srv/d2 }
  - Symlink: { path: /srv/link, target: made }
${unit('ticker', 200_000)}${unit('tocker', 300_000)}`;

/** What the system's own tools say. Numbers that are free to differ are left out. */
const LOOK = `
getent passwd svc boss; getent group crew; id -Gn svc | tr ' ' '\\n' | sort | xargs
readlink /etc/localtime; sysctl -n vm.swappiness vm.dirty_ratio; ls /etc/sysctl.d | grep phoenix
find /srv /etc/sudoers.d /etc/systemd/system /etc/dnsmasq.d /etc/dnsmasq.phoenix /etc/exports.d -printf '%p %y %m %u %g %l\\n' | sort
cat /srv/f /srv/precious /etc/samba/phoenix.conf /etc/exports.d/* /etc/sysctl.d/*phoenix*
for unit in ticker tocker; do systemctl show -p ActiveState,UnitFileState $unit; ps -o args= -p $(systemctl show -P MainPID $unit); done
zfs get -Hp -o value,source compression,atime tank/data
testparm -s 2>/dev/null | sed -n '/^.pub/,$p'; exportfs -s
dig +short @10.9.0.1 web.${ZONE}; dig +short @10.9.0.1 new.${ZONE}; dig +short @10.9.0.1 -x 10.0.0.2
sudo -n -l -U boss | tail -n 1; true
`;

describeLab('phoenix rollback', (lab) => {
  let run = '';
  const look = async (): Promise<string> => (await lab.machine.run(LOOK)).stdout;
  const converge = async (manifest: string): Promise<void> => {
    await lab.phoenix.manifest(manifest);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
  };
  let before = '';
  let after = '';

  it('has a host to change', async () => {
    await lab.machine.succeed(
      allOf(
        'ip link add d0 type dummy && ip addr add 10.9.0.1/24 dev d0 && ip link set d0 up',
        'systemctl stop dnsmasq; zpool create tank /dev/disk/by-id/virtio-spare-a; mkdir /srv/out; sysctl -qw vm.dirty_ratio=20',
      ),
    );
    await converge(BEFORE);
    before = await look();
    await converge(AFTER);
    after = await look();
    assert.notEqual(after, before);
    run = (await lab.machine.succeed('ls -t /var/lib/phoenix/runs | head -n 1')).trim();
  });

  it('says what it would do, what cannot be taken back, and what somebody has changed since', async () => {
    await lab.machine.succeed('echo theirs > /srv/made');
    const { code, stdout, stderr } = await lab.phoenix.run(['rollback', run, '--check', '--no-color']);
    assert.equal(code, 2, stdout + stderr);
    assert.match(
      stdout,
      /^# ZfsDataset\[tank\/new\]: cannot be taken back: create dataset tank\/new.*: it may hold data by now; by hand/m,
    );
    assert.match(stdout, /^- UnixUser\[boss\]: take back: create user boss/m);
    assert.match(stdout, /^~ Sysctl\[vm\.swappiness\]: take back: set vm\.swappiness to 22 /m);
    assert.match(stdout, /^! File\[\/srv\/made\]: refused: it was changed since run /m);
    assert.match(stderr, /phoenix\.yaml still declares what would be taken back/);
    await lab.machine.succeed('echo made > /srv/made');
    assert.equal(await look(), after);
  });

  it('takes all the rest back', async () => {
    const { code, stdout, stderr } = await lab.phoenix.run(['rollback', run, '--yes', '--no-color']);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stderr, /phoenix\.yaml still declares what was taken back/);
    assert.equal(await look(), before);
    await lab.machine.succeed(
      allOf(
        'zfs list tank/new',
        'test -d /home/boss',
        'visudo -c',
        'test -z "$(systemctl --failed --plain --no-legend)"',
      ),
    );
  });

  it('has brought back what the manifest of then says, and goes forward again', async () => {
    await lab.phoenix.manifest(BEFORE);
    const { code, stdout } = await lab.phoenix.check();
    assert.equal(code, 0, stdout);
    await lab.phoenix.manifest(AFTER);
    const forward = await lab.phoenix.setup(['--only', 'UnixUser[boss]', '--only', 'File[/srv/made]']);
    assert.equal(forward.code, 0, forward.stdout);
    await lab.machine.succeed('id boss && test "$(cat /srv/made)" = made');
  });
});
