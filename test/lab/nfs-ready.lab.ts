import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';

const DROPIN = '/run/systemd/system/nfs-server.service.d';
const manifest = (timeout: string, path = '/srv/a'): string =>
  `version: 1\nresources:\n  - NfsReady: { exports: [{ path: ${path}, clients: [10.9.0.0/24] }], timeout: ${timeout} }\n`;

describeLab('NfsReady', (lab) => {
  it('waits for a server that starts late, and tells meanwhile what is missing', async () => {
    await lab.machine.succeed(
      allOf(
        'mkdir /srv/a && mkdir -p /etc/exports.d && echo "/srv/a 10.9.0.0/24(rw,no_subtree_check)" > /etc/exports.d/own.exports',
        `mkdir -p ${DROPIN} && printf '[Service]\\nExecStartPre=/bin/sleep 6\\n' > ${DROPIN}/late.conf && systemctl daemon-reload`,
      ),
    );
    await lab.phoenix.manifest(manifest('4min'));
    await lab.machine.succeed(
      'systemctl start --no-block nfs-server; test "$(cat /proc/fs/nfsd/threads || echo 0)" = 0',
    );
    const { code, stdout, stderr } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0, stdout + stderr);
    assert.match(
      stdout,
      /wait at most 4min until every export is offered \(now: the NFS server does not run .*not offered: \/srv\/a to 10\.9\.0\.0\/24\)/,
    );
    assert.match(stderr, /NfsReady\[nfs-server\]: 2\d\d s left; the NFS server does not run/);
    await lab.machine.succeed('test "$(cat /proc/fs/nfsd/threads)" -gt 0 && systemctl is-active nfs-server');
  });

  it('has nothing to wait for the second time, with NFSv3 and without', async () => {
    const third = await lab.phoenix.setup();
    assert.deepEqual([third.code, third.stdout], [0, '']);
    await lab.machine.succeed(
      allOf(
        `rm ${DROPIN}/late.conf && systemctl daemon-reload`,
        `printf '[nfsd]\\nvers3=n\\n' > /etc/nfs.conf.d/own.conf && systemctl restart nfs-server && systemctl stop rpcbind.socket rpcbind.service`,
      ),
    );
    const fourth = await lab.phoenix.setup();
    assert.deepEqual([fourth.code, fourth.stdout], [0, '']);
  });

  it('gives up at the deadline, and names the export and what the server last said', async () => {
    await lab.phoenix.manifest(manifest('3s', '/srv/b'));
    const missing = await lab.phoenix.setup();
    assert.equal(missing.code, 4, missing.stdout);
    assert.match(missing.stdout, /not ready after 3 s: not offered: \/srv\/b to 10\.9\.0\.0\/24/);

    // The kernel would still accept connections, and nobody would tell it what is exported.
    await lab.machine.succeed(
      'kill -9 $(cat /sys/fs/cgroup/system.slice/nfs-mountd.service/cgroup.procs); sleep 1; exportfs -a',
    );
    await lab.phoenix.manifest(manifest('3s'));
    const dead = await lab.phoenix.setup();
    assert.equal(dead.code, 4, dead.stdout);
    assert.match(dead.stdout, /not ready after 3 s: (rpc\.mountd does not run|the NFS server does not run)/);
    assert.match(dead.stdout, /nfs-mountd\.service/);
  });
});
