/** The host itself: its name and network, its administrators, whom it asks for names. */
import type { Cursor } from './cursor.ts';
import type { Draft } from './draft.ts';

const network = (root: Cursor, draft: Draft): string | undefined => {
  let own: string | undefined;
  for (const one of root.at('network').at('interfaces').items()) {
    const [name, address, gateway] = ['name', 'address', 'gateway'].map((key) => one.at(key).text());
    own ??= address?.split('/')[0];
    const servers = one.at('dns_nameservers').words();
    const search = root.at('domain_name').text();
    if (servers.length > 0)
      draft.set(['dns', 'resolver'], {
        nameservers: servers,
        ...(search === undefined ? {} : { search: [search] }),
      });
    if (name !== undefined && /^vmbr/.test(name))
      one.warn(
        `${name} is a bridge, and its ports are not said here: without them the host would be cut off; declare it under \`initial.network.interfaces\`, as \`phoenix adopt\` finds it`,
      );
    else draft.add(['initial', 'network', 'interfaces'], { name, address, gateway }, one);
  }
  return own;
};

const names = (root: Cursor, draft: Draft): void => {
  draft.set(['initial', 'timezone'], root.at('timezone').text());
  const [hostname, domain] = [root.at('hostname').text(), root.at('domain_name').text()];
  draft.set(['initial', 'hostname'], hostname);
  if (hostname !== undefined) draft.set(['initial', 'domain'], domain);
  else if (domain !== undefined)
    root
      .at('domain_name')
      .warn(
        'belongs to a host name, which is not said here; declare `initial.hostname` and `initial.domain`',
      );
};

const dns = (root: Cursor, own: string | undefined, draft: Draft): void => {
  const server = root.at('dns_server');
  const upstream = server.at('upstream_servers').words();
  server
    .at('authoritative_zones')
    .items()
    .forEach((zone) => {
      zone.done(
        'zones are not converted: the original made its own of guests; declare them under `dns.zones`',
      );
    });
  if (!server.isThere || server.at('enabled').flag() === false) return;
  if (upstream.length > 0) draft.set(['dns', 'upstream'], upstream);
  draft.set(['dns', 'listen'], own === undefined ? undefined : [own]);
};

/** The address of this host, if it is said. */
export const convertHost = (root: Cursor, draft: Draft): string | undefined => {
  names(root, draft);
  const own = network(root, draft);
  dns(root, own, draft);
  return own;
};

const HASH = /^\$[a-z0-9]+\$/;

const passwordOf = (given: Cursor, name: string): { readonly file: string } | undefined => {
  const value = given.text();
  if (value === undefined || value === 'NOT_SET') return undefined;
  const file = `/etc/phoenix/secrets/${name}.hash`;
  given.warn(
    HASH.test(value)
      ? `is not taken over: put the hash into ${file}, for root alone`
      : `is no hash: a password in clear that others may have read; choose a new one, and put its hash into ${file}`,
  );
  return { file };
};

export const convertUsers = (users: Cursor, draft: Draft): void => {
  for (const one of users.items()) {
    const name = one.at('username').text();
    if (name === undefined) continue;
    const sshKeys = one.at('ssh_public_key').text();
    const sudo = one.at('sudo_access').flag();
    if (sudo === true)
      one
        .at('sudo_access')
        .warn(
          'the original also made every such user Administrator of Proxmox VE; declare `proxmoxRole` if that is wanted',
        );
    draft.add(
      ['adminUsers'],
      {
        name,
        shell: one.at('shell').text(),
        passwordHash: passwordOf(one.at('password_hash'), name),
        sshKeys: sshKeys === undefined ? undefined : [sshKeys],
        sudo,
      },
      one,
    );
  }
};
