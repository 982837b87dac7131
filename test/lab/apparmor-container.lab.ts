/** The shipped profile for containers in containers, by a real LXC: what has to work inside, and what has to be denied. */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';
import { bringDebs } from './image/debs.ts';
import { quote } from './machine/outcome.ts';
import { currentRelease } from './release.ts';

const PROFILE = 'lxc-phoenix-nesting';
const NESTING = [
  `lxc.apparmor.profile = ${PROFILE}`,
  'lxc.seccomp.profile = /opt/phoenix/resources/lxc/phoenix-nesting.seccomp',
];
const LIBRARY = currentRelease().suite === 'bookworm' ? 'liblxc1' : 'liblxc1t64';

/** All of /proc and /sys may be written to, as far as LXC is concerned: what is denied is denied by what is tested. */
const config = (name: string, init: string, more: readonly string[]): string =>
  [
    'lxc.include = /usr/share/lxc/config/common.conf',
    `lxc.uts.name = ${name}`,
    `lxc.rootfs.path = dir:/var/lib/lxc/${name}/rootfs`,
    'lxc.net.0.type = empty',
    'lxc.mount.auto = proc:rw sys:rw cgroup:rw',
    `lxc.init.cmd = ${init}`,
    ...more,
  ].join('\n') + '\n';

/** The files of a container: the programs of the host, and a container of busybox to start in it. */
const filesOf = (name: string): string => {
  const root = `/var/lib/lxc/${name}/rootfs`;
  const inner = `${root}/var/lib/lxc/inner/rootfs`;
  return allOf(
    `mkdir -p ${root}/{usr,proc,sys,dev,tmp,run,root,etc,mnt,var/lib,var/log/lxc,var/cache} ${inner}/{bin,proc,sys,dev,tmp,etc}`,
    `for folder in bin sbin lib lib64; do ln -s usr/$folder ${root}/$folder; done`,
    `cp -a /etc/passwd /etc/group /etc/nsswitch.conf /etc/ld.so.cache /etc/lxc ${root}/etc/`,
    `find /root/busybox -path '*bin/busybox' -exec cp {} ${inner}/bin/ ';' && ln -s busybox ${inner}/bin/cat`,
  );
};

const inside = (name: string, command: string): string =>
  `lxc-attach -n ${name} -- /bin/sh -c ${quote(command)}`;

const START_INNER = 'lxc-start -n inner && lxc-wait -n inner -s RUNNING -t 30';

const MAY = [
  'mount -t tmpfs none /tmp && mkdir /tmp/lower /tmp/upper /tmp/work /tmp/both',
  'mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work none /tmp/both',
  'mount -t proc none /tmp/lower && umount /tmp/lower',
  'unshare --mount --pid --net --fork --mount-proc true',
  'echo 1 > /proc/sys/net/ipv4/ip_forward',
];

/** What reaches the host. Each is allowed in a container that is unconfined. */
const MAY_NOT = [
  'echo core > /proc/sys/kernel/core_pattern',
  'echo h > /proc/sysrq-trigger',
  'echo 61 > /proc/sys/vm/swappiness',
  'echo 4 > /sys/module/zfs/parameters/zfs_txg_timeout',
  'echo 1 > /sys/bus/pci/rescan',
  'echo none > /sys/power/pm_test',
  ...['debugfs', 'tracefs', 'securityfs', 'bpf'].map((type) => `mount -t ${type} none /mnt && umount /mnt`),
  'echo changeprofile unconfined > /proc/self/attr/current',
];

describeLab('the AppArmor profile for containers in containers', (lab) => {
  const start = async (name: string, confinement: readonly string[]): Promise<void> => {
    await lab.machine.succeed(filesOf(name));
    const folder = `/var/lib/lxc/${name}`;
    const host = ['lxc.mount.entry = /usr usr none ro,bind 0 0', ...confinement];
    await lab.machine.writeFile(`${folder}/config`, config(name, '/usr/bin/sleep infinity', host));
    await lab.machine.writeFile(
      `${folder}/rootfs/var/lib/lxc/inner/config`,
      config('inner', '/bin/busybox sleep 9999', ['lxc.apparmor.profile = unchanged']),
    );
    await lab.machine.succeed(
      `lxc-start -n ${name} -l INFO -o /root/${name}.log || { cat /root/${name}.log; false; }`,
    );
  };

  before(async () => {
    await bringDebs(lab.machine, '/root/debs', [
      'lxc',
      'liblxc-common',
      LIBRARY,
      'dnsmasq-base',
      'busybox-static',
    ]);
    await lab.machine.succeed(
      allOf(
        'cd /root/debs && dpkg-deb -x busybox-static_*.deb /root/busybox && rm busybox-static_*.deb',
        'for unit in lxc lxc-net; do ln -s /dev/null /etc/systemd/system/$unit.service; done',
        'DEBIAN_FRONTEND=noninteractive dpkg --no-triggers --force-depends --install /root/debs/*.deb > /root/dpkg 2>&1 || { cat /root/dpkg; false; }',
      ),
    );
    await lab.phoenix.manifest(
      `version: 1\napparmor: { profiles: [{ name: ${PROFILE}, shipped: ${PROFILE} }] }\n`,
    );
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
  });

  it('lets LXC start a container in a container, under the same profile; its own profile does not', async () => {
    await start('outer', NESTING);
    await lab.machine.succeed(inside('outer', START_INNER));
    const label = await lab.machine.succeed(
      inside('outer', 'lxc-attach -n inner -- /bin/cat /proc/self/attr/current'),
    );
    assert.equal(label.trim(), `${PROFILE} (enforce)`);
    await start('plain', ['lxc.apparmor.profile = lxc-container-default-cgns']);
    const { code } = await lab.machine.run(inside('plain', START_INNER));
    assert.notEqual(code, 0);
  });

  it('lets a container do what stays inside, and denies what reaches the host', async () => {
    await start('free', ['lxc.apparmor.profile = unconfined']);
    await lab.machine.succeed(
      allOf(
        ...MAY.map((command) => inside('outer', command)),
        ...MAY_NOT.map((command) => inside('free', command)),
        ...MAY_NOT.map((command) => `! ${inside('outer', command)}`),
      ),
    );
  });
});
