import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf } from './expect.ts';
import { MANIFEST } from './phoenix.ts';

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBl2eAH0t8PXkdxTW9rFEZXCRXcvTTi1lC6uzAk5vcNU admin@workstation';
const HASH = '$6$saltsalt$notahashthatanybodyhasapasswordforbutitlookslikeone';

/** What an operator has made by hand, before there was phoenix. */
const BY_HAND = allOf(
  'zpool create tank /dev/disk/by-id/virtio-spare-a && zfs create -o compression=lz4 -o quota=100M tank/media',
  `useradd -m -s /bin/bash -G sudo -p '${HASH}' alice && useradd -m -s /usr/sbin/nologin bob`,
  `install -d -m 0700 -o alice -g alice ~alice/.ssh && echo '${KEY}' > ~alice/.ssh/authorized_keys`,
  'chown alice:alice ~alice/.ssh/authorized_keys && chmod 0600 ~alice/.ssh/authorized_keys && groupadd media',
  'echo "Ask before you log in." > /etc/issue',
  'echo kernel.panic=77 > /etc/sysctl.d/99-hand.conf && sysctl -q -p /etc/sysctl.d/99-hand.conf',
  `printf '[Service]\\nExecStart=/bin/sleep 9000\\n' > /etc/systemd/system/hand.service`,
  `printf '[Service]\\nEnvironment=DB_PASSWORD=hunter2\\nExecStart=/bin/true\\n' > /etc/systemd/system/told.service`,
  `printf '[Service]\\nEnvironment=WORD=swordfish\\nExecStart=/bin/true\\n' > /etc/systemd/system/private.service`,
  'chmod 0600 /etc/systemd/system/private.service && systemctl daemon-reload',
  'mkdir -p /srv/share /srv/hand && echo "/srv/hand 10.0.0.0/24(ro)" >> /etc/exports && exportfs -ra || true',
);

/** What phoenix has brought about, with a manifest that is lost since. */
const BY_PHOENIX = `version: 1
initial:
  sysctl: { vm.swappiness: 10 }
nfs:
  exports:
    - { path: /srv/share, clients: [{ host: 10.0.0.0/24, options: [rw] }] }
samba:
  server: { workgroup: HOME }
  shares:
    - { name: media, path: /tank/media, readOnly: false, validUsers: [alice] }
resources:
  - SystemdUnit: { name: kept.service, content: "[Service]\\nExecStart=/bin/sleep 9000\\n" }
`;

describeLab('phoenix adopt', (lab) => {
  let text = '';

  it('writes a manifest of what is live, that is valid and that the host is in sync with', async () => {
    await lab.machine.succeed(BY_HAND);
    await lab.phoenix.manifest(BY_PHOENIX);
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(`mv ${MANIFEST} /root/lost.yaml; rm /var/lib/phoenix/compiled-manifest.json`);

    const adopt = await lab.phoenix.run(['adopt', '--output', MANIFEST]);
    assert.equal(adopt.code, 0, adopt.stdout + adopt.stderr);
    assert.match(adopt.stdout, /^\/etc\/phoenix\/phoenix\.yaml: \d+ resources; \d+ left out/);
    text = await lab.machine.succeed(`test "$(stat -c '%U %a' ${MANIFEST})" = 'root 600' && cat ${MANIFEST}`);
    const validate = await lab.phoenix.run(['validate']);
    assert.equal(validate.code, 0, validate.stdout + validate.stderr);
    const check = await lab.phoenix.check(['--verbose']);
    assert.equal(check.code, 0, `${check.stdout}${check.stderr}\n${text}`);
    assert.match(check.stdout, /^In sync: \d{2,} resources/m);
  });

  it('has in it what there is, in its section', () => {
    const declared = text.replace(/^#.*\n/gm, '');
    for (const pattern of [
      /^initial:\n(?: .*\n|\n)*? {4}vm\.swappiness: /m,
      /^zfs:\n(?: .*\n|\n)*? {2}pools:\n {4}- name: tank\n(?: {6}.*\n)* {12}- \/dev\/disk\/by-id\/virtio-spare-a\n/m,
      /^ {4}- name: tank\/media\n {6}properties:\n(?: {8}.*\n)*? {8}quota: /m,
      /^adminUsers:\n(?: .*\n|\n)*? {2}- name: alice\n(?: {4}.*\n)*? {4}sshKeys:\n {6}- ssh-ed25519 AAAA/m,
      /^serviceUsers:\n(?: .*\n|\n)*? {2}- name: bob\n/m,
      /- UnixGroup:\n {6}name: media\n/,
      /- File:\n {6}path: \/etc\/issue\n(?: {6}.*\n)*? {8}Ask before you log in\.\n/,
      /- SystemdUnit:\n {6}name: kept\.service\n/,
      / path: \/srv\/share\n/,
      /name: media\n\s+path: \/tank\/media\n/,
    ])
      assert.match(declared, pattern);
  });

  it('leaves out what phoenix would have to change, with the reason, and every secret', () => {
    assert.match(text, /^# SystemdUnit\[hand\.service\]: .+/m);
    assert.match(text, /^# Sysctl\[kernel\.panic\]: .+/m);
    assert.match(text, /^# SystemdUnit\[told\.service\]: it has what looks like a secret/m);
    for (const secret of ['hunter2', 'swordfish', HASH, 'private.service']) assert.ok(!text.includes(secret));
  });

  it('does not overwrite a manifest', async () => {
    const again = await lab.phoenix.run(['adopt', '--output', MANIFEST]);
    assert.equal(again.code, 64);
    assert.match(again.stderr, /exists already and is left as it is/);
    assert.equal(await lab.machine.succeed(`cat ${MANIFEST}`), text);
  });

  it('finds what is changed afterwards', async () => {
    await lab.machine.succeed(
      'zfs set quota=200M tank/media; usermod -s /bin/sh bob; echo Hello > /etc/issue; gpasswd -d alice sudo',
    );
    const { code, stdout } = await lab.phoenix.check();
    assert.equal(code, 2, stdout);
    for (const ref of ['ZfsDataset[tank/media]', 'UnixUser[bob]', 'UnixUser[alice]', 'File[/etc/issue]'])
      assert.ok(stdout.includes(`~ ${ref}: `), stdout);
  });
});
