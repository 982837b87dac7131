/** `nfs`, `samba` and `shared_volumes`. */
import type { Cursor } from './cursor.ts';
import type { Draft } from './draft.ts';
import { datasetOf } from './storage.ts';

export const convertNfs = (
  nfs: Cursor,
  datasets: readonly string[],
  own: string | undefined,
  draft: Draft,
): void => {
  for (const one of nfs.at('exports').items()) {
    const path = one.at('path').text();
    const options = one.at('options').words();
    if (options.includes('no_root_squash'))
      one
        .at('options')
        .warn(
          'no_root_squash is kept: root of a client is root in the exported files; take it out if no client needs it',
        );
    const clients = one.at('clients').items();
    const itself = clients.find(({ value }) => value === own);
    itself?.warn('is this host: mounting an export on the host that exports it can lock up both');
    const hosts = clients.flatMap((client) => client.text() ?? []);
    draft.add(
      ['nfs', 'exports'],
      {
        path,
        dataset: datasetOf(path ?? '', datasets),
        clients: hosts.map((host) => ({ host, options })),
      },
      one,
    );
  }
};

const YES = /^(?:yes|true|1)$/i;

const fieldsOfOptions = (options: Cursor): Record<string, unknown> => {
  const fields: Record<string, unknown> = {};
  for (const word of (options.text() ?? '').split(/\s+/).filter((one) => one !== '')) {
    const [name = '', value = ''] = word.toLowerCase().split('=');
    const yes = YES.test(value);
    if (name === 'browseable' || name === 'browsable') fields['browseable'] = yes;
    else if (['writable', 'writeable', 'write_ok'].includes(name)) fields['readOnly'] = !yes;
    else if (name === 'read_only' || name === 'readonly') fields['readOnly'] = yes;
    else options.warn(`"${word}" is left out; declare it under \`options\` of the share if it is wanted`);
  }
  return fields;
};

const share = (one: Cursor, datasets: readonly string[], draft: Draft): void => {
  const given = one.at('path').text();
  const path = given === undefined || given.startsWith('/') ? given : `/${given}`;
  const users = one.at('valid_users').words();
  const dataset = datasetOf(path ?? '', datasets);
  one.at('browsable').done();
  draft.add(
    ['samba', 'shares'],
    {
      name: one.at('name').text(),
      path,
      dataset,
      ...fieldsOfOptions(one.at('options')),
      validUsers: users.length > 0 ? users : undefined,
    },
    one,
  );
};

export const convertSamba = (samba: Cursor, datasets: readonly string[], draft: Draft): void => {
  const user = samba.at('user');
  const name = user.text();
  if (name !== undefined) {
    draft.add(['serviceUsers'], { name }, user);
    draft.add(['samba', 'users'], { name, password: { file: `/etc/phoenix/secrets/${name}.smb` } }, user);
    user.warn(
      `the original gave ${name} a password that is public, a shell, sudo and a role in Proxmox VE; here nothing of that is declared; put a new password into /etc/phoenix/secrets/${name}.smb, for root alone`,
    );
  }
  for (const one of samba.at('shares').items()) share(one, datasets, draft);
};

/** The original looked for datasets below /mnt/pve, where they are not mounted, and filled the root filesystem. */
const mountedPath = (path: string, datasets: readonly string[]): string => {
  const inside = path.replace(/^\/mnt\/pve\//, '/');
  return datasetOf(inside, datasets) === undefined ? path : inside;
};

export const convertVolumes = (volumes: Cursor, datasets: readonly string[], draft: Draft): void => {
  for (const [name, one] of volumes.entries()) {
    // some versions have the firewall in here, by mistake
    if (name === 'firewall') continue;
    const at = one.at('host_path');
    const path = mountedPath(at.text() ?? '', datasets);
    one.at('mounts').done('mounts into guests are no work of phoenix; Proxmox VE has them in the guest');
    const dataset = datasetOf(path, datasets);
    if (dataset === undefined) {
      at.warn(
        'is on no dataset of this file; declare it under `sharedResources.directories` if it is wanted',
      );
      continue;
    }
    if (path !== at.value) at.warn(`becomes ${path}: that is where the dataset is mounted`);
    draft.add(['sharedResources', 'directories'], { path, requireMountpoint: `/${dataset}` }, one);
  }
};
