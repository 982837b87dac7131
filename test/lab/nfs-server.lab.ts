import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';

const CONF = '/etc/nfs.conf.d/phoenix.conf';
const EXPORTS =
  '  exports:\n    - { path: /srv/a, clients: [{ host: 127.0.0.1, options: [rw, insecure] }] }\n';
const V4_ONLY = `version: 1\nnfs:\n  v4Only: true\n  server: { threads: 5 }\n${EXPORTS}`;
const V3 = `version: 1\nnfs:\n  server: { versions: ['3', '4.2'], threads: 6, ports: { mountd: 20048, statd: 32765, lockd: 32768 } }\n${EXPORTS}`;

const mount = (version: string): string =>
  `mkdir -p /mnt/a && mount -t nfs -o vers=${version},nolock,retry=0 127.0.0.1:/srv/a /mnt/a && umount /mnt/a`;
const hasPort = (program: number, port: number): string =>
  `test "$(rpcinfo -p | awk '$1 == ${program} { print $4 }' | sort -u)" = ${port}`;
const RIGHT = allOf(
  'test "$(cat /proc/fs/nfsd/threads)" = 6',
  'test "$(cat /proc/fs/nfsd/versions)" = "+3 +4 -4.0 -4.1 +4.2"',
  hasPort(100005, 20048),
  hasPort(100024, 32765),
  hasPort(100021, 32768),
  'grep -qx vers4.1=n /etc/nfs.conf.d/phoenix.conf && nfsconf --get nfsd threads | grep -qx 6',
);
const INVOCATION = 'systemctl show nfs-server nfs-mountd rpc-statd -p InvocationID';

describeLab('NfsServer', (lab) => {
  it('serves NFSv4 alone, without rpcbind and statd, and has nothing to do the second time', async () => {
    await lab.machine.succeed(
      allOf(
        'mkdir -m 0777 /srv/a && touch /srv/a/f && chmod 0666 /srv/a/f && systemctl start nfs-server rpc-statd',
        // After a start lockd waits for clients that come back, else for 50 s.
        'sysctl -w fs.nfs.nlm_timeout=3 fs.nfs.nlm_grace_period=1',
      ),
    );
    await lab.phoenix.manifest(V4_ONLY);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /live versions: \["3","4\.0","4\.1","4\.2"\] → \["4\.0","4\.1","4\.2"\]/);
    await lab.machine.succeed(
      allOf(
        'test "$(cat /proc/fs/nfsd/versions)" = "-3 +4 +4.1 +4.2" && test "$(cat /proc/fs/nfsd/threads)" = 5',
        'for unit in rpcbind.socket rpcbind.service rpc-statd.service; do test "$(systemctl is-enabled $unit)" = masked && ! systemctl is-active $unit; done',
        'systemctl is-enabled nfs-server && ! rpcinfo -p',
        mount('4.2'),
        mount('4.0'),
        `! (${mount('3')})`,
        `${INVOCATION} > /root/before`,
      ),
    );
    const second = await lab.phoenix.setup();
    assert.deepEqual([second.code, second.stdout], [0, '']);
    await lab.machine.succeed(`${INVOCATION} | cmp - /root/before`);
  });

  it('unmasks what NFSv3 needs when NFSv4 alone is no longer asked for', async () => {
    await lab.phoenix.manifest(V4_ONLY.replace('  v4Only: true\n', ''));
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      `! systemctl is-enabled rpcbind.socket rpcbind.service rpc-statd.service | grep masked; ! grep vers ${CONF}`,
    );
  });

  it('serves NFSv3 on fixed ports, with what that needs', async () => {
    await lab.phoenix.manifest(V3);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        RIGHT,
        `! (${mount('4.1')})`,
        'mkdir -p /mnt/3 /mnt/4 && mount -t nfs -o vers=3 127.0.0.1:/srv/a /mnt/3 && mount -t nfs -o vers=4.2 127.0.0.1:/srv/a /mnt/4',
        // A lock of one client, by statd and lockd, keeps another one out.
        "flock -n /mnt/3/f sh -c '! flock -n /mnt/4/f true' && flock -n /mnt/4/f true",
        'umount /mnt/3 /mnt/4',
      ),
    );
  });

  it('names and repairs the file, the threads, the versions and the ports', async () => {
    await lab.machine.succeed(`echo 3 > /proc/fs/nfsd/threads && ${INVOCATION} > /root/before`);
    const threads = await lab.phoenix.setup();
    assert.equal(threads.code, 0, threads.stdout);
    assert.match(threads.stdout, /live threads: 3 → 6/);
    await lab.machine.succeed(`${INVOCATION} | cmp - /root/before`);

    await lab.machine.succeed(
      `cp ${CONF} /root/conf && sed -i 's/=32765/=32999/; s/=20048/=20999/; s/=32768/=32998/; s/vers4.1=n/vers4.1=y/' ${CONF} && ` +
        `systemctl restart rpc-statd && systemctl restart nfs-server && cp /root/conf ${CONF} && sed -i s/=6/=7/ ${CONF}`,
    );
    const check = await lab.phoenix.check();
    assertPlan(check.stdout, {
      'NfsServer[nfs-server]': [
        /^ +-threads=7$/m,
        /live versions: \["3","4\.1","4\.2"\] → \["3","4\.2"\]/,
        /live port of mountd: 20999 → 20048/,
        /live port of statd: 32999 → 32765/,
        /live port of lockd: 32998 → 32768/,
      ],
    });
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(RIGHT);
  });

  it('names the file that wins, and starts a server that would not start once it can', async () => {
    await lab.machine.succeed(
      `printf '[nfsd]\\nthreads = 9\\n' > /etc/nfs.conf.d/zz.conf && systemctl stop nfs-server && ` +
        `mkdir -p /run/systemd/system/nfs-server.service.d && printf '[Service]\\nExecStartPre=/bin/false\\n' > /run/systemd/system/nfs-server.service.d/broken.conf && systemctl daemon-reload`,
    );
    const overridden = await lab.phoenix.check();
    assert.match(
      overridden.stdout,
      /NfsServer.*refused: \/etc\/nfs\.conf\.d\/zz\.conf sets nfsd: threads=9 after .*phoenix\.conf/,
    );
    await lab.machine.succeed('rm /etc/nfs.conf.d/zz.conf');
    const broken = await lab.phoenix.setup();
    assert.equal(broken.code, 4, broken.stdout);
    await lab.machine.succeed('rm -r /run/systemd/system/nfs-server.service.d && systemctl daemon-reload');
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(allOf(RIGHT, mount('4.2')));
  });
});
