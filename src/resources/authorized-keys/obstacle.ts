import type { Refusal } from '../../engine/action.ts';
import type { Actual, Entry } from './facts.ts';
import type { Desired } from './schema.ts';

const linkFault = (path: string, target: string): string =>
  target.startsWith('/etc/pve/')
    ? `${path} is a symlink to ${target}, the list that Proxmox VE shares among the nodes of a cluster; it is not managed here, so add the keys to it by hand (\`pvecm updatecerts\` keeps the nodes' own)`
    : `${path} is a symlink to ${target}; it is not followed, because whoever may plant one in a home could lead root anywhere; put a real file or directory in its place`;

const typeFault = (path: string, expected: Entry['type'], entry: Entry): string | undefined => {
  if (entry.type === 'symlink') return linkFault(path, entry.target ?? '');
  if (entry.type !== expected)
    return `expected ${path} to be a ${expected}, found a ${entry.type === 'other' ? 'special file' : entry.type}; move it away`;
  if (expected === 'file' && entry.links > 1)
    return `${path} has ${entry.links} hard links, so another file would change with it; replace it by a copy`;
  return undefined;
};

/** StrictModes of sshd_config(5): keys are ignored when somebody else could replace them. */
const homeFault = (want: Desired, found: Actual): string | undefined => {
  const home = found.homeEntry;
  if (home?.type !== 'directory') return undefined;
  if (home.uid !== 0 && home.uid !== found.uid)
    return `sshd ignores keys in ${found.home}, because it belongs to uid ${home.uid}, not to ${want.user} (uid ${found.uid}); chown it`;
  if ((Number.parseInt(home.mode, 8) & 0o022) !== 0)
    return `sshd ignores keys in ${found.home}, because its mode ${home.mode} lets others write there; run \`chmod go-w ${found.home}\`, or declare homeMode of the user`;
  return undefined;
};

/** What stands in the way of the keys, and is not cleared away by itself. */
export const obstacleTo = (want: Desired, found: Actual): Refusal | undefined => {
  const fault =
    (found.directory && typeFault(`${found.home}/.ssh`, 'directory', found.directory)) ??
    (found.file && typeFault(found.path, 'file', found.file)) ??
    homeFault(want, found);
  return fault ? { refuses: fault, changes: [{ path: 'keys', from: null, to: want.keys }] } : undefined;
};
