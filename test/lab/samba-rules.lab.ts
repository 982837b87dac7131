/** Who may do what, what is read only at the start, and the way out; accounts and shares themselves are in samba.lab.ts. */
import { strict as assert } from 'node:assert';
import { describeLab } from './describe-lab.ts';
import { allOf, assertPlan } from './expect.ts';
import { MAIN, OURS, as, auth, denied, secret } from './samba-clients.ts';

/** A dash in front, blanks, quotes, what begins a comment or a section, letters of more than a byte. */
const ODD = `/srv/-r 'é" #;[x]=`;

const SHARES = `
    - name: rules
      path: ${JSON.stringify(ODD)}
      mode: '0777'
      readOnly: false
      validUsers: [alice, bob, carol]
      invalidUsers: [carol]
      readList: [bob]
      hostsAllow: [127.0.0.1, '::1']
      hostsDeny: [ALL]
    - { name: far, path: /srv, hostsAllow: [10.99.0.0/24], hostsDeny: [ALL, 127.0.0.1, '::1'] }
    - { name: guests, path: /srv/open, mode: '0777', readOnly: false, guestOk: true }
    - { name: loose, path: /srv, validUsers: [alice], listsMode: added }`;
const manifest = (interfaces = '', shares = SHARES): string => `version: 1
adminUsers: [{ name: alice }, { name: bob }, { name: carol }]
samba:
  server: { workgroup: HOME, mapToGuest: bad user${interfaces} }
  users:
${['alice', 'bob', 'carol'].map((name) => `    - { name: ${name}, password: { file: /etc/phoenix/secrets/${name} } }\n`).join('')}  shares:${shares}
`;

const worksAsDeclared = [
  as('alice', 'rules', 'put /etc/hostname f'),
  `cmp /etc/hostname ${JSON.stringify(ODD).slice(0, -1)}/f"`,
  as('bob', 'rules', 'get f /tmp/f'),
  denied(as('bob', 'rules', 'put /etc/hostname b'), 'ACCESS_DENIED'),
  denied(as('carol', 'rules', 'ls'), 'ACCESS_DENIED'),
  denied(as('alice', 'far', 'ls'), 'ACCESS_DENIED'),
  as('', 'guests', 'put /etc/hostname g; ls'),
  as('nobody', 'guests', 'ls'),
  'test "$(stat -c %U /srv/open/g)" = nobody',
  denied(as('', 'rules', 'ls'), 'ACCESS_DENIED'),
];

describeLab('Samba rules', (lab) => {
  it('lets in who is declared, from where it is declared, as a guest or not, with ACLs', async () => {
    await lab.machine.succeed(
      allOf(
        'mkdir -p /etc/phoenix/secrets; chmod 0755 /etc/phoenix; chmod 0700 /etc/phoenix/secrets; mkdir /srv/hand',
        ['alice', 'bob', 'carol'].map((name) => secret(name, `${name}'s`)).join('\n'),
        ['alice', 'bob', 'carol'].map((name) => auth(name, name, `${name}'s`)).join('\n'),
        auth('nobody', 'nosuch', 'x'),
        `printf '\\n[hand]\\n   path = /srv/hand\\n' >> ${MAIN}; cp ${MAIN} /root/smb.conf`,
      ),
    );
    await lab.phoenix.manifest(manifest());
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        ...worksAsDeclared,
        `smbcacls -A /root/alice.auth //localhost/rules f --add 'ACL:bob:ALLOWED/0x0/READ'`,
        `smbcacls -A /root/alice.auth //localhost/rules f | grep -i '^ACL:.*bob:ALLOWED/'`,
      ),
    );
  });

  it('names and repairs what was changed by hand, also what Samba would not load; leaves what is added', async () => {
    await lab.machine.succeed(
      allOf(
        `sed -i '/^.rules/,/^.far/{s/invalid users = carol/invalid users = bob/;s/read list = bob/read list = alice/;s/hosts allow = .*/hosts allow = 10.1.1.1/;/hosts deny/d}' ${OURS}`,
        `sed -i '/^.loose/,$ {s/valid users = alice/valid users = alice, bob/}' ${OURS}`,
        `sed -i '/^.far/a\\\\tcsc policy = nonsense' ${OURS}`,
        '! testparm -s',
      ),
    );
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^# SambaServer\[system\]: Samba does not load its configuration/m);
    assertPlan(stdout, {
      'SambaShare[rules]': [
        /invalid users: bob → carol/,
        /read list: alice → bob/,
        /hosts allow: 10\.1\.1\.1 → 127\.0\.0\.1 ::1/,
        /hosts deny: none → ALL/,
      ],
      'SambaShare[far]': /csc policy: nonsense → none/,
    });
    await lab.machine.succeed(
      allOf(...worksAsDeclared, `grep -A9 '^.loose' ${OURS} | grep -x '.valid users = alice, bob'`),
    );
    const second = await lab.phoenix.setup();
    assert.deepEqual([second.code, second.stdout], [0, '']);
  });

  it('tries again what would not start, although its configuration is right already', async () => {
    const dropin = '/run/systemd/system/smbd.service.d';
    await lab.machine.succeed(
      `mkdir -p ${dropin}; printf '[Service]\\nExecStartPre=/bin/false\\n' > ${dropin}/broken.conf; systemctl daemon-reload`,
    );
    await lab.phoenix.manifest(manifest(', interfaces: [lo]'));
    const broken = await lab.phoenix.setup();
    assert.equal(broken.code, 4, broken.stdout);
    assert.match(broken.stdout, /restart smbd\.service/);
    const again = await lab.phoenix.setup();
    assert.equal(again.code, 4, again.stdout);
    assert.match(again.stdout, /smbd\.service/);
    await lab.machine.succeed(`rm -r ${dropin}; systemctl daemon-reload`);
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf('ss -Hltn | grep -F 127.0.0.1:445; ! ss -Hltn | grep -F 0.0.0.0:445', as('alice', 'rules', 'ls')),
    );
  });

  it('takes shares and settings away and leaves all of others as it was', async () => {
    const gone = ['rules', 'far', 'guests', 'loose'].map((name) => `{ name: ${name}, ensure: absent }`);
    await lab.phoenix.manifest(
      `version: 1\nsamba:\n  server: { ensure: absent }\n  shares: [${gone.join(', ')}]\n`,
    );
    const { code, stdout, stderr } = await lab.phoenix.setup();
    assert.equal(code, 0, stdout + stderr);
    await lab.machine.succeed(
      allOf(
        `cmp ${MAIN} /root/smb.conf; test ! -e ${OURS}`,
        'test -d /srv/open && pdbedit -L | grep ^alice',
        denied(as('alice', 'rules', 'ls'), 'BAD_NETWORK_NAME'),
      ),
    );
    const second = await lab.phoenix.setup();
    assert.deepEqual([second.code, second.stdout], [0, '']);
  });
});
