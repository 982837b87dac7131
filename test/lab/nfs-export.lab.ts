import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import { quote } from './machine/outcome.ts';

const OURS = '/etc/exports.d/phoenix.exports';
/** A dash in front, blanks, quotes, what begins a comment, what a format would take, letters of more than a byte. */
const ODD = `/srv/-o d'"#%dü`;
const ODD_LINE = String.raw`/srv/-o\040d\047\042\043%dü 10.9.0.2(rw,sync,no_subtree_check,no_root_squash)`;

/** A network of its own for the client; it mounts from there, into folders that everybody sees. */
const NETWORK = [
  'ip netns add client',
  'ip link add s0 type veth peer name c0 netns client',
  'ip addr add 10.9.0.1/24 dev s0 && ip link set s0 up',
  'ip -n client addr add 10.9.0.2/24 dev c0 && ip -n client link set c0 up && ip -n client link set lo up',
];
const mount = (version: string, path: string, at: string): string =>
  `mkdir -p "${at}" && nsenter --net=/run/netns/client mount -t nfs -o vers=${version},nolock,retry=0 -- ${quote(`10.9.0.1:${path}`)} "${at}"`;

const section = (exports: string): string => `version: 1\nnfs:\n  exports:\n${exports}`;
const A = '    - { path: /srv/a, clients: [{ host: 10.9.0.0/24, options: [rw] }, { host: fd00:9::/64 }] }\n';
const ODD_EXPORT = `    - { path: ${JSON.stringify(ODD)}, clients: [{ host: 10.9.0.2, options: [rw, no_root_squash] }] }\n`;
const DATA =
  '    - { path: /tank/data, dataset: tank/data, clients: [{ host: 10.9.0.0/24, options: [rw, all_squash, anonuid=1234, anongid=1235, fsid=77] }] }\n';
/** For the members of a netgroup; and a referral, which sends a client elsewhere. */
const NETGROUP = "    - { path: /srv/members, clients: [{ host: '@members', options: [rw] }] }\n";
const REFERRAL =
  '    - { path: /srv/moved, clients: [{ host: 10.9.0.0/24, options: [refer=/srv/a@10.9.0.1] }] }\n';
const ALL = section(A + ODD_EXPORT + DATA + NETGROUP + REFERRAL);

/** A client that copies and syncs on and on, into the export mounted at a folder, until it is told to end. */
const writer = (at: string, file: string): string =>
  `systemd-run --quiet --unit=${file} sh -c 'cd /mnt/${at} && while test ! -e /root/enough; do dd if=/root/big of=${file} bs=64k conv=fsync || touch /root/disturbed; done'`;
/** It has met no error, and what it wrote is whole. */
const ended = (at: string, file: string): string =>
  `touch /root/enough; while systemctl is-active ${file}; do sleep 0.2; done; rm /root/enough; test ! -e /root/disturbed && cmp /root/big /mnt/${at}/${file}`;

const etab = (path: string, client: string): string =>
  `grep -F "$(printf '%s\\t%s(' '${path}' '${client}')" /var/lib/nfs/etab`;
const FOREIGN = allOf(
  'cmp /etc/exports /root/exports',
  'cmp /etc/exports.d/zz.exports /root/zz.exports',
  `${etab('/srv/foreign', '10.9.0.0/24')} | grep -F '(ro,'`,
  etab('/srv/hand', '10.9.0.9'),
);

describeLab('NfsExport', (lab) => {
  it('exports what a client mounts over 4.2 and 3, writes to, and owns as it is told', async () => {
    await lab.machine.succeed(
      allOf(
        ...NETWORK,
        // Nobody answers here, and a name that is not known would take long to be given up.
        `echo 10.9.0.2 client >> /etc/hosts && echo 'members (client,,)' > /etc/netgroup && sed -i 's/^netgroup:.*/netgroup: files/' /etc/nsswitch.conf`,
        'echo options timeout:1 attempts:1 >> /etc/resolv.conf',
        `mkdir -p -m 0777 /srv/a ${quote(ODD)} /srv/members && mkdir /srv/moved /srv/foreign /srv/hand /etc/exports.d`,
        'zpool create tank /dev/disk/by-id/virtio-spare-a && zfs create tank/data && chmod 0777 /tank/data',
        `printf '# mine\\n/srv/foreign \\\\\\n  10.9.0.0/24(ro,no_subtree_check)\\n' > /etc/exports`,
        `echo '/srv/nowhere 10.9.0.7(ro,no_subtree_check)' > /etc/exports.d/zz.exports`,
        'cp /etc/exports /root/exports && cp /etc/exports.d/zz.exports /root/zz.exports',
        'head -c 3000000 /dev/urandom > /root/big',
        'systemctl start nfs-server && exportfs -o rw,no_subtree_check 10.9.0.9:/srv/hand',
      ),
    );
    await lab.phoenix.manifest(ALL);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        mount('4.2', '/srv/a', '/mnt/a'),
        mount('4.2', ODD, '/mnt/odd'),
        mount('3', '/tank/data', '/mnt/data'),
        'for at in a odd data; do echo hello > /mnt/$at/f; done',
        `grep -qx hello /srv/a/f && grep -qx hello ${quote(ODD)}/f && grep -qx hello /tank/data/f`,
        'test "$(stat -c %u:%g /srv/a/f)" = 65534:65534',
        `test "$(stat -c %u:%g ${quote(ODD)}/f)" = 0:0`,
        'test "$(stat -c %u:%g /tank/data/f)" = 1234:1235',
        'flock -n /mnt/a/f true',
        // Nobody's directory is changed because it is exported.
        'test "$(stat -c %u:%g:%a /srv/a)" = 0:0:777 && test "$(stat -c %u:%g:%a /srv)" = 0:0:755',
        `${etab('/tank/data', '10.9.0.0/24')} | grep -F ,mountpoint,`,
        FOREIGN,
      ),
    );
  });

  it('serves the members of a netgroup and nobody else, and sends clients on to where an export has moved', async () => {
    await lab.machine.succeed(
      allOf(
        mount('4.2', '/srv/members', '/mnt/members'),
        'echo hello > /mnt/members/f && umount /mnt/members',
        "echo 'members (other,,)' > /etc/netgroup && exportfs -f",
        `! (${mount('4.2', '/srv/members', '/mnt/members')})`,
        "echo 'members (client,,)' > /etc/netgroup && exportfs -f",
        mount('4.2', '/srv', '/mnt/srv'),
        'test ! -e /srv/moved/f && grep -qx hello /mnt/srv/moved/f',
        'umount /mnt/srv/moved; umount /mnt/srv',
      ),
    );
  });

  it('has nothing to do the second time, nor where a line is only written otherwise', async () => {
    await lab.machine.succeed(
      allOf(
        // Another order, another spelling of a network, defaults written out.
        `sed -i 's|^/srv/a .*|"/srv/a"  fd00:9:0::0/64(sync,ro) 10.9.0.0/255.255.255.0(root_squash,wdelay,rw)|' ${OURS}`,
        'systemctl show nfs-server nfs-mountd -p InvocationID > /root/before; stat -c "%n %i %Y" /etc/exports.d/* /var/lib/nfs/etab >> /root/before',
      ),
    );
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0, stdout);
    await lab.machine.succeed(
      '(systemctl show nfs-server nfs-mountd -p InvocationID; stat -c "%n %i %Y" /etc/exports.d/* /var/lib/nfs/etab) | cmp - /root/before',
    );
  });

  it('names and repairs what was changed by hand, while a client writes on', async () => {
    await lab.machine.succeed(
      allOf(
        writer('odd', 'edited'),
        'exportfs -o ro,no_subtree_check 10.9.0.0/24:/srv/a',
        'exportfs -o rw,no_subtree_check,async 10.9.0.8:/srv/a',
        `sed -i '/srv.-o/d' ${OURS}`,
        'exportfs -u 10.9.0.0/24:/tank/data',
        'systemctl show nfs-server nfs-mountd -p InvocationID > /root/before',
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2, check.stdout);
    assertPlan(check.stdout, {
      'NfsExport[/srv/a]': [
        /10\.9\.0\.0\/24 access: ro → rw/,
        /10\.9\.0\.8: rw,async.* → none/,
        /no more to 10\.9\.0\.8; it may be in use by 10\.9\.0\.2 \(NFSv4/,
      ],
      [`NfsExport[${ODD}]`]: /^ +\+\/srv\/-o\\040d\\047\\042\\043%dü 10\.9\.0\.2\(rw,/m,
      'NfsExport[/tank/data]': /10\.9\.0\.0\/24: none → rw/,
      'NfsReady[nfs-server]': /not offered: \/tank\/data to 10\.9\.0\.0\/24/,
    });
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        `${etab('/srv/a', '10.9.0.0/24')} | grep -F '(rw,'`,
        `! ${etab('/srv/a', '10.9.0.8')}`,
        etab('/tank/data', '10.9.0.0/24'),
        `grep -xF -- '${ODD_LINE}' ${OURS}`,
        ended('odd', 'edited'),
        'echo more > /mnt/a/more && echo more > /mnt/data/more',
        'systemctl show nfs-server nfs-mountd -p InvocationID | cmp - /root/before',
        FOREIGN,
      ),
    );
  });

  it('refuses what it cannot mean, and leaves the old lines and the other exports as they are', async () => {
    await lab.machine.succeed(
      allOf(
        'umount /mnt/data && exportfs -u 10.9.0.0/24:/tank/data && exportfs -f',
        // The server keeps files open for some seconds after their last use (its file cache).
        'timeout 60 sh -c "until zfs unmount tank/data; do sleep 1; done"',
        'zfs create tank/new && zfs unmount tank/new',
        // `zfs unmount` ends with an `exportfs -ra` of its own, which takes away what was exported by hand.
        'exportfs -o rw,no_subtree_check 10.9.0.9:/srv/hand',
        'test -d /tank/data && mkdir /srv/c && touch /srv/file && ln -s /srv/a /srv/link',
        `cp ${OURS} /root/ours`,
      ),
    );
    await lab.phoenix.manifest(
      section(
        [
          A.replace('options: [rw]', 'options: [rw, no_root_squash]').replace('fd00:9::/64', 'no.such.host'),
          ODD_EXPORT,
          DATA,
          '    - { path: /tank/new, clients: [{ host: 10.9.0.2 }] }\n',
          '    - { path: /srv/c, clients: [{ host: 10.9.0.2 }], mountpoint: true }\n',
          '    - { path: /srv/file, clients: [{ host: 10.9.0.2 }] }\n',
          '    - { path: /srv/link, clients: [{ host: 10.9.0.2 }] }\n',
          '    - { path: /srv/foreign, clients: [{ host: 10.9.0.2 }] }\n',
        ].join(''),
      ),
    );
    const { code, stdout } = await lab.phoenix.setup();
    assert.equal(code, 4, stdout);
    assert.match(stdout, /NfsExport\[\/srv\/a\]: failed: .*exportfs refuses the line; nothing was written/);
    assert.match(stdout, /Failed to resolve no\.such\.host/);
    assert.match(stdout, /refused: expected dataset tank\/data to be mounted at \/tank\/data, found nothing/);
    assert.match(stdout, /refused: dataset tank\/new belongs at \/tank\/new and is not mounted/);
    assert.match(stdout, /refused: expected a filesystem to be mounted at \/srv\/c, found none/);
    assert.match(stdout, /refused: \/srv\/file is a file, not a directory/);
    assert.match(stdout, /refused: \/srv\/link is a symlink to \/srv\/a/);
    assert.match(stdout, /refused: \/srv\/foreign is exported by \/etc\/exports:2 too/);
    await lab.machine.succeed(
      allOf(
        `cmp ${OURS} /root/ours`,
        `${etab('/srv/a', '10.9.0.0/24')} | grep -F ,root_squash,`,
        // The line is still in the file and the server has it: by its option `mountpoint` nobody can mount it.
        `! (${mount('4.2', '/tank/data', '/mnt/data')})`,
        'echo again > /mnt/a/again',
        FOREIGN,
      ),
    );
  });

  it('takes an export away, says who holds it, and lets clients of all others go on', async () => {
    await lab.machine.succeed(
      allOf(
        'zfs mount tank/data; exportfs -a || true; exportfs -o rw,no_subtree_check 10.9.0.9:/srv/hand',
        writer('a', 'kept'),
      ),
    );
    await lab.phoenix.manifest(
      section(
        `${A}    - { path: /tank/data, ensure: absent }\n    - { path: ${JSON.stringify(ODD)}, ensure: absent }\n`,
      ),
    );
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    assertPlan(stdout, {
      'NfsExport[/tank/data]': /no longer export \/tank\/data/,
      [`NfsExport[${ODD}]`]: /in use by 10\.9\.0\.2 \(NFSv4.*become stale/,
    });
    await lab.machine.succeed(
      allOf(
        ended('a', 'kept'),
        '! grep -F /tank /var/lib/nfs/etab',
        `! grep -E 'tank|srv.-o' ${OURS} && grep -c ^/srv/a ${OURS}`,
        '! ls /mnt/odd/f',
        FOREIGN,
      ),
    );
  });
});
