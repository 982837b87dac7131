import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import {
  ALICE,
  BOB,
  DOCS,
  MAIN,
  OURS,
  WATCH,
  as,
  auth,
  denied,
  foreignIsIntact,
  handIsThere,
  hasVfsModules,
  manifest,
  secret,
  session,
  worksForClients,
} from './samba-clients.ts';

describeLab('Samba', (lab) => {
  it('serves users, shares and snapshots, and leaves what is there', async () => {
    await lab.machine.succeed(
      allOf(
        'zpool create tank /dev/disk/by-id/virtio-spare-a && zfs create tank/media',
        'mkdir -p /etc/phoenix/secrets /srv/hand; chmod 0755 /etc/phoenix; chmod 0700 /etc/phoenix/secrets',
        [secret('alice', ALICE), secret('bob', BOB)].join('\n'),
        [auth('alice', 'alice', ALICE), auth('bob', 'bob', BOB)].join('\n'),
        [auth('wrong', 'alice', 'wrong'), auth('nobody', 'nosuch', 'x')].join('\n'),
        `printf '\\n[hand]\\n   path = /srv/hand\\n   writable = yes\\n' >> ${MAIN}; cp ${MAIN} /root/smb.conf`,
        `printf '%s\\n' Tr0ub4dor bobs-p > /root/patterns`,
      ),
    );
    await lab.machine.succeed(WATCH);
    await lab.phoenix.manifest(manifest());
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        'systemctl stop watch; test ! -s /root/seen',
        ...worksForClients,
        foreignIsIntact,
        handIsThere,
        'test "$(stat -c "%U:%G %a" /tank/media)" = "root:media 2770"',
        'systemctl is-enabled smbd && systemctl is-active smbd && ! systemctl is-active nmbd',
        '! ss -Hltn | grep -E ":(139|137|138) "',
        // neither the guest account nor the Unix password comes into it, although smb.conf says so further up
        `testparm -sv 2>/dev/null | grep -xE '\\s+(map to guest = Never|unix password sync = No|server min protocol = SMB3_00)' | wc -l | grep -qx 3`,
        // SMB1, and what is older than minProtocol
        ...['NT1', 'SMB2_10'].map(
          (protocol) =>
            `! smbclient //localhost/media -A /root/alice.auth --option='client min protocol=NT1' -m ${protocol} -c ls`,
        ),
        'test "$(getent shadow alice | cut -d: -f2)" = "!"',
      ),
    );
  });

  it('is mounted by the kernel, and shows snapshots as previous versions', async () => {
    await lab.machine.succeed(
      allOf(
        'mkdir -p /mnt/c && mount -t cifs //localhost/media /mnt/c -o credentials=/root/alice.auth',
        'echo kept > /mnt/c/f; umount /mnt/c',
        'test "$(stat -c "%U:%G %a" /tank/media/f)" = "alice:media 660"',
      ),
    );
    if (hasVfsModules)
      await lab.machine.succeed(
        allOf(
          'zfs snapshot tank/media@auto_2026-01-02_0304; rm /tank/media/f',
          denied(as('alice', 'media', 'ls f'), 'NO_SUCH_FILE'),
          as('alice', 'media', 'get "@GMT-2026.01.02-03.04.00\\f" /tmp/f'),
          'grep -qx kept /tmp/f',
        ),
      );
    else {
      await lab.phoenix.manifest(manifest({ media: 'previousVersions: true' }));
      const { code, stdout } = await lab.phoenix.setup();
      assert.equal(code, 4);
      assert.match(stdout, /no VFS module shadow_copy2: .*install samba-vfs-modules/);
      await lab.machine.succeed(`! grep shadow ${OURS}`);
      await lab.phoenix.manifest(manifest());
    }
  });

  it('has nothing to do the second time', async () => {
    await lab.machine.succeed(
      `stat -c '%n %i %Z' ${OURS} ${MAIN} /var/lib/samba/private/passdb.tdb > /root/before`,
    );
    const { code, stdout } = await lab.phoenix.setup(['--verbose']);
    assert.equal(code, 0);
    assert.match(stdout, /^In sync: 13 resources/m);
    await lab.machine.succeed(
      `stat -c '%n %i %Z' ${OURS} ${MAIN} /var/lib/samba/private/passdb.tdb | cmp - /root/before`,
    );
  });

  it('names everything that was changed by hand, and repairs it', async () => {
    await lab.machine.succeed(
      allOf(
        `sed -i 's/workgroup = HOME/workgroup = OTHER/; s/SMB3_00/NT1/; s/map to guest = Never/map to guest = bad user/' ${OURS}`,
        `sed -i 's/disable netbios = Yes/disable netbios = no/; s/smb ports = 445/smb ports = 445 139/; s/log level = 1/log level = 2/' ${OURS}`,
        `sed -i '/^.media/,/^.docs/{s/path = .*/path = \\/srv/;s/@media/@media, bob/;s/0660/0777/;s/= 2770/= 0777/;s/force group = media/force user = root/;s/browseable = Yes/browseable = no/}' ${OURS}`,
        `sed -i '/^.docs/,$ {s/comment = .*/comment = hacked/;s/read only = Yes/writable = yes/;s/guest ok = No/public = yes/;s/write list = alice/write list = bob/}' ${OURS}`,
        `printf '\\tadmin users = bob\\n' >> ${OURS}`,
        `printf '[global]\\n   map to guest = bad user\\n' >> ${MAIN}`,
        "printf 'other\\nother\\n' | smbpasswd -s alice",
        'smbpasswd -d bob',
        'chmod 0700 /tank/media; systemctl disable --now smbd',
      ),
    );
    const check = await lab.phoenix.check();
    assert.equal(check.code, 2);
    assertPlan(check.stdout, {
      'SambaServer[system]': [
        /workgroup: other → home/,
        /server min protocol: nt1 → smb3_00/,
        /map to guest: bad user → never/,
        /disable netbios: No → Yes/,
        /smb ports: 445 139 → 445/,
        /log level: 2 → 1/,
        /include: not last → last/,
        /restart smbd\.service/,
      ],
      'SystemdUnit[smbd.service]': [/enable/, /start/],
      'SambaUser[alice]': /password: \(secret, changed\)/,
      'SambaUser[bob]': /disabled: true → false/,
      'Directory[/tank/media]': /mode: 2700 → 2770/,
      'SambaShare[media]': [
        /path: \/srv → \/tank\/media/,
        /valid users: @media bob → @media/,
        /create mask: 0777 → 0660/,
        /directory mask: 0777 → 2770/,
        /force user: root → none/,
        /force group: none → media/,
        /browseable: No → Yes/,
      ],
      [`SambaShare[${DOCS}]`]: [
        /comment: hacked → 100%/,
        /read only: No → Yes/,
        /guest ok: Yes → No/,
        /write list: bob → alice/,
        /admin users: bob → none/,
      ],
    });
    const setup = await lab.phoenix.setup();
    assert.equal(setup.code, 0, setup.stdout + setup.stderr);
    await lab.machine.succeed(
      allOf(
        ...worksForClients,
        `tail -1 ${MAIN} | grep -qx 'include = ${OURS}'`,
        handIsThere,
        'ss -Hltn | grep -q :445; ! ss -Hltn | grep ":139 "',
      ),
    );
  });

  it('notices a new password, keeps an account disabled, and tells no password to anybody', async () => {
    await lab.machine.succeed(
      allOf(secret('alice', 'N3w-Tr0ub4dor'), auth('alice', 'alice', 'N3w-Tr0ub4dor')),
    );
    await lab.phoenix.manifest(
      manifest({ bob: ', disabled: true', server: ', encryption: required', protocol: 'SMB2_10' }),
    );
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    assertPlan(stdout, {
      'SambaServer[system]': [
        /server smb encrypt: default → required/,
        /server min protocol: smb3_00 → smb2$/m,
      ],
      'SambaUser[alice]': /set the Samba password of alice/,
      'SambaUser[bob]': /disabled: false → true/,
    });
    const said = stdout + stderr;
    assert.doesNotMatch(said, /Tr0ub4dor|bobs-p/);
    await lab.machine.succeed(
      allOf(
        `printf 'ls\\n!smbstatus --json\\n' | smbclient //localhost/media -A /root/alice.auth | grep -q '"cipher": "AES-128-G'`,
        // A client of a protocol that knows no encryption gets in, and gets nothing.
        denied('smbclient //localhost/media -A /root/alice.auth -m SMB2_10 -c ls 2>&1', 'ACCESS_DENIED'),
        denied(as('bob', DOCS, 'ls'), 'ACCOUNT_DISABLED'),
        `pdbedit -L -w | cut -d: -f4 >> /root/patterns; test "$(grep -c . /root/patterns)" = 4`,
        `! grep -rlaiFf /root/patterns /var/lib/phoenix /var/log /run --exclude-dir=fs 2>/dev/null`,
        '! journalctl -b | grep -aiFf /root/patterns',
      ),
    );
  });

  it('refuses what Samba would not take or others have, and leaves the old configuration live', async () => {
    await lab.machine.succeed(`cp ${OURS} /root/ours`);
    await lab.phoenix.manifest(
      manifest({
        bob: ', disabled: true }\n    - { name: ghost, password: { file: /etc/phoenix/secrets/bob }',
        server: ', encryption: required, serverString: the box',
        protocol: 'SMB2_10',
        media: "options: { 'no such thing': '1' }",
        more: [
          '    - { name: Hand, path: /srv/hand }',
          '    - { name: lost, path: /srv/lost }',
          '    - { name: unmounted, path: /srv/hand, dataset: tank/other }',
          '    - { name: odd, path: /srv/hand, options: { panic action: x } }',
        ].join('\n'),
      }),
    );
    const { code, stdout } = await lab.phoenix.setup(['--keep-going']);
    assert.equal(code, 4);
    assert.match(
      stdout,
      /^SambaShare\[media\]: failed: testparm rejects .*nothing was written:\n.*"no such thing"/m,
    );
    assert.match(
      stdout,
      /^SambaShare\[Hand\]: failed: \/etc\/samba\/smb\.conf, line \d+, has a share Hand already/m,
    );
    assert.match(stdout, /^SambaShare\[lost\]: failed: .*\/srv\/lost is not there/m);
    assert.match(
      stdout,
      /^SambaShare\[unmounted\]: failed: .*dataset tank\/other is not mounted at \/srv\/hand/m,
    );
    assert.match(stdout, /^SambaShare\[odd\]: failed: testparm rejects .*\n.*panic action/m);
    assert.match(stdout, /^SambaUser\[ghost\]: failed: no user ghost on this host, .*UnixUser\[ghost\]/m);
    await lab.machine.succeed(
      allOf(
        `sed -i '/workgroup = HOME/a\\\\tserver string = the box' /root/ours; cmp ${OURS} /root/ours`,
        'test ! -e /srv/lost',
        as('alice', 'media', 'ls'),
        handIsThere,
      ),
    );
  });

  it('removes a share and an account, saying who is connected, and lets others go on', async () => {
    await lab.phoenix.manifest(
      `version: 1\nsamba:\n  server: { workgroup: HOME, minProtocol: SMB3_00, encryption: required }\n  users: [{ name: bob, ensure: absent }]\n  shares: [{ name: media, ensure: absent }]\n`,
    );
    await lab.machine.succeed(
      allOf(
        'head -c 3000000 /dev/urandom > /root/big',
        session('media', 'echo ls; sleep 600'),
        session(
          DOCS,
          'for i in $(seq 40); do echo put /root/big big; echo get big /tmp/big.$i; sleep 1; done; echo del big',
        ),
      ),
    );
    await lab.machine.waitUntil('test "$(smbstatus -S | grep -cE "^(media|docs)")" = 2');
    const held = await lab.phoenix.setup();
    assert.equal(held.code, 3, held.stdout);
    assertPlan(held.stdout, {
      'SambaServer[system]': [/server string: the box → none/, /log level: 1 → none/],
      'SambaUser[bob]': /destructive/,
      'SambaShare[media]': /remove share media; its directory stays\. Disconnects alice from /,
    });
    await lab.machine.succeed(
      allOf(
        '! smbstatus -S | grep ^media',
        'smbstatus -S | grep ^docs',
        denied(as('alice', 'media', 'ls'), 'BAD_NETWORK_NAME'),
        'test -d /tank/media',
        'pdbedit -L | grep ^bob',
      ),
    );
    const { code, stdout } = await lab.phoenix.setup(['--confirm', 'SambaUser[bob]']);
    assert.equal(code, 0, stdout);
    await lab.machine.waitUntil('grep -q done /root/session.2');
    await lab.machine.succeed(
      allOf(
        '! pdbedit -L | grep ^bob',
        'getent passwd bob',
        '! grep NT_STATUS /root/session.2',
        'test "$(ls /tmp/big.* | wc -l)" = 40; for file in /tmp/big.*; do cmp $file /root/big; done',
        handIsThere,
      ),
    );
  });

  it('takes the example for Time Machine of the documentation', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/operating/samba.md'), 'utf8');
    await lab.machine.succeed('zfs create tank/timemachine');
    await lab.phoenix.manifest(/```yaml\n(version: 1\n[^`]*fruit[^`]*)```/.exec(page)?.[1] ?? '');
    const { code, stdout } = await lab.phoenix.setup();
    if (hasVfsModules) {
      assert.equal(code, 0, stdout);
      await lab.machine.succeed(as('alice', 'Time Machine', 'mkdir x.sparsebundle; ls'));
    } else assert.match(stdout, /no VFS module catia, fruit, streams_xattr: /);
  });
});
