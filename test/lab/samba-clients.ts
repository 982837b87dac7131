/** What the lab test of Samba declares, and what clients then do. */
import { quote } from './machine/outcome.ts';
import { currentRelease } from './release.ts';

/** In Debian 12 they are in a package that the lab does not have. */
export const hasVfsModules = currentRelease().version === '13';

export const OURS = '/etc/samba/phoenix.conf';
export const MAIN = '/etc/samba/smb.conf';
export const DOCS = "docs 'é #1";
export const ALICE = 'Tr0ub4dor "x" %y';
export const BOB = 'bobs-pässwörd-€';

interface Wish {
  readonly server?: string;
  readonly alice?: string;
  readonly bob?: string;
  readonly media?: string;
  readonly more?: string;
  readonly protocol?: string;
}

/** `media` is on a dataset, `docs` where nothing is yet; alice comes from a later section. */
export const manifest = ({
  server = '',
  alice = '',
  bob = '',
  media = '',
  more = '',
  protocol = 'SMB3_00',
}: Wish = {}): string => `version: 1
adminUsers:
  - { name: alice, groups: [media] }
  - { name: bob }
samba:
  server: { workgroup: HOME, minProtocol: ${protocol}, options: { log level: '1' }${server} }
  users:
    - { name: alice, password: { file: /etc/phoenix/secrets/alice }${alice} }
    - { name: bob, password: { file: /etc/phoenix/secrets/bob }${bob} }
  shares:
    - name: media
      path: /tank/media
      dataset: tank/media
      group: media
      mode: '2770'
      readOnly: false
      validUsers: ['@media']
      createMask: '0660'
      directoryMask: '2770'
      forceGroup: media
      ${hasVfsModules ? "previousVersions: { format: 'auto_%Y-%m-%d_%H%M' }" : ''}
      ${media}
    - name: "${DOCS}"
      path: "/srv/docs 'é #1"
      mode: '0777'
      comment: '100% "x"; # y'
      writeList: [alice]
${more}`;

/** A command of smbclient, as somebody. */
export const as = (who: string, share: string, command: string): string =>
  `smbclient ${quote(`//localhost/${share}`)} ${who === '' ? '-N' : `-A /root/${who}.auth`} -c ${quote(command)} 2>&1`;
export const denied = (line: string, status: string): string => `{ ${line} || true; } | grep -q ${status}`;

export const worksForClients = [
  as('alice', 'media', 'put /etc/hostname h; get h /tmp/back; rename h i; del i'),
  'cmp /etc/hostname /tmp/back',
  denied(as('bob', 'media', 'ls'), 'ACCESS_DENIED'),
  denied(as('wrong', 'media', 'ls'), 'LOGON_FAILURE'),
  denied(as('nobody', 'media', 'ls'), 'LOGON_FAILURE'),
  denied(as('', 'media', 'ls'), 'ACCESS_DENIED'),
  as('bob', DOCS, 'ls'),
  denied(as('bob', DOCS, 'put /etc/hostname b'), 'ACCESS_DENIED'),
  as('alice', DOCS, 'put /etc/hostname a; del a'),
];

/** The file of the distribution, but for the line of phoenix and its comment. */
export const foreignIsIntact = `test "$(grep -v 'phoenix' ${MAIN})" = "$(cat /root/smb.conf)"`;
export const handIsThere = `testparm -s 2>/dev/null | sed -n '/^\\[hand\\]/,/^$/p' | grep -q 'read only = No'`;

export const auth = (who: string, user: string, password: string): string =>
  `printf 'username=%s\\npassword=%s\\n' ${user} ${quote(password)} > /root/${who}.auth`;
export const secret = (who: string, password: string): string =>
  `printf %s ${quote(password)} > /etc/phoenix/secrets/${who}; chmod 0600 /etc/phoenix/secrets/${who}`;

/** What would show a password to other users while phoenix runs. Not with the command that has the passwords in it. */
export const WATCH =
  "systemd-run --unit=watch sh -c 'while :; do grep -laf /root/patterns /proc/[0-9]*/cmdline /proc/[0-9]*/environ >> /root/seen 2>/dev/null; sleep 0.2; done'";

let sessions = 0;
/** A client whose commands come one by one from a script, while the test goes on. */
export const session = (share: string, script: string): string => {
  sessions += 1;
  const line = `( ${script} ) | smbclient ${quote(`//localhost/${share}`)} -A /root/alice.auth > /root/session.${sessions} 2>&1; echo done >> /root/session.${sessions}`;
  return `systemd-run --unit=session-${sessions} bash -c ${quote(line.replaceAll('$', '$$'))}`;
};
