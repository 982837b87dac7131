/** The configuration of the scripts that phoenix replaces, as a manifest. What cannot be taken over is told, each with its place. */
import { manifestSchema } from '../manifest-schema.ts';
import { STEPS } from '../steps.ts';
import { Book, Cursor, unseen, type Path, type Warning } from './cursor.ts';
import { Draft } from './draft.ts';
import { convertFirewall } from './firewall.ts';
import { convertHost, convertUsers } from './host.ts';
import { convertNfs, convertSamba, convertVolumes } from './sharing.ts';
import { convertZfs } from './storage.ts';

export interface Converted {
  readonly manifest: Readonly<Record<string, unknown>>;
  /** In the order of the file. */
  readonly warnings: readonly Warning[];
}

/** Parts that are known, and are no work of phoenix. */
const NOT_OURS: Readonly<Record<string, string>> = {
  core_paths: 'says where the scripts kept their own files',
  docker: 'is of containers',
  proxmox_defaults: 'is of guests',
  vm_defaults: 'is of guests',
  vms: 'is of guests',
  proxmox_storage_ids: 'had no effect in the original: storages are named after their dataset',
  mount_point_base: 'datasets are mounted where `mountpoint` says, /POOL/NAME unless told',
  tests: 'is of the scripts; `phoenix setup --check` compares the host with the manifest',
  behavior: 'is of the scripts',
  step_ca: 'is of a guest',
};

const NETWORK_NOT_OURS: Readonly<Record<string, string>> = {
  external_registry_url: 'is of containers',
  portainer_server_ip: 'is of a guest',
  portainer_server_port: 'is of a guest',
  portainer_agent_port: 'is of a guest',
  default_subnet: 'is said where it is used, such as in rules of the firewall',
  nfs_server: 'is this host; `nfs` is what it exports',
  fallback_dns: 'a public fallback tells internal names to others whenever the own server does not answer',
};

const convertNvidia = (driver: Cursor): void => {
  driver.done(
    'is not taken over: the original ran what it had downloaded as root, unchecked; declare `nvidia.driver` with `source: runfile`, `version`, `url` and the `sha256` that NVIDIA publishes for it, or take the packages of Debian',
  );
};

const SECRET = /pass(word|wd|phrase)|secret|token|api_?key/i;

const tellSecrets = (cursor: Cursor): void => {
  for (const [name, one] of cursor.entries())
    if (SECRET.test(name) && typeof one.value === 'string' && one.value !== '')
      one.warn('a secret in clear, which others may have read: change it; it is not taken over');
    else if (typeof one.value === 'object') tellSecrets(one);
};

const drop = (cursor: Cursor, reasons: Readonly<Record<string, string>>): void => {
  for (const [name, reason] of Object.entries(reasons)) cursor.at(name).done(`left out: ${reason}`);
};

const keepValid = (draft: Draft, warn: (path: Path, message: string) => void): void => {
  for (;;) {
    const { success, error } = manifestSchema.safeParse(draft.manifest);
    if (success) return;
    const [issue] = error.issues;
    if (issue === undefined) return;
    const from = draft.takeOut(issue.path);
    if (from === undefined) {
      // a part of a section, or a whole one that this version does not have
      const [section, ...rest] = issue.path.map(String);
      const mapping = draft.manifest[section ?? ''] as Record<string, unknown> | undefined;
      if (rest.length > 0 && mapping !== undefined) Reflect.deleteProperty(mapping, rest[0] ?? '');
      else Reflect.deleteProperty(draft.manifest, section ?? '');
    }
    warn(from ?? [], `left out: ${issue.path.join('.')}: ${issue.message}`);
  }
};

const SECTIONS = ['version', ...STEPS.map(({ section }): string => section)];

const inOrder = (manifest: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(manifest)
      .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
      .toSorted(([a], [b]) => SECTIONS.indexOf(a) - SECTIONS.indexOf(b)),
  );

export const convert = (config: unknown): Converted => {
  const book = new Book();
  const draft = new Draft();
  const root = new Cursor(config, [], book);
  for (const name of ['version', 'author', '$schema']) root.at(name).done();
  const own = convertHost(root, draft);
  const datasets = convertZfs(root.at('zfs'), draft);
  const volumes = root.at('shared_volumes');
  for (const place of [root, volumes]) convertFirewall(place.at('firewall'), own, draft);
  convertNfs(root.at('nfs'), datasets, own, draft);
  convertSamba(root.at('samba'), datasets, draft);
  convertUsers(root.at('users'), draft);
  convertVolumes(volumes, datasets, draft);
  convertNvidia(root.at('nvidia_driver'));
  const portainer = root.at('portainer_api');
  tellSecrets(portainer);
  portainer.done('left out: is of a guest');
  drop(root, NOT_OURS);
  drop(root.at('network'), NETWORK_NOT_OURS);
  for (const path of unseen(config, book))
    book.warnings.push({ path, message: 'left out: phoenix does not know what it means' });
  keepValid(draft, (path, message) => book.warnings.push({ path, message }));
  return { manifest: inOrder(draft.manifest), warnings: book.warnings };
};
