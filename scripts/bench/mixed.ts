/** A manifest of many kinds that a throw-away host can be brought to: what a run costs grows with the kinds in it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBl2eAH0t8PXkdxTW9rFEZXCRXcvTTi1lC6uzAk5vcNU bench';

/** Kernel parameters with the values that they have: the machine that this runs on is not changed. */
const SYSCTLS = ['vm.swappiness', 'kernel.panic', 'vm.dirty_ratio'];

const live = (key: string): string => readFileSync(`/proc/sys/${key.replaceAll('.', '/')}`, 'utf8').trim();

const repeated = (count: number, entry: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, index) => entry(index));

const entries = (each: number): string[] => [
  ...repeated(each, (i) => `UnixGroup: { name: team${i}, gid: ${30_000 + i} }`),
  ...repeated(
    each,
    (i) => `UnixUser: { name: mixed${i}, uid: ${21_000 + i}, groups: [team${i}], home: /home/mixed${i} }`,
  ),
  ...repeated(each, (i) => `AuthorizedKeys: { user: mixed${i}, keys: ['${KEY}'] }`),
  ...repeated(
    each,
    (i) => `SudoRule: { name: mixed${i}, rules: [{ user: mixed${i}, commands: [/usr/bin/id] }] }`,
  ),
  ...repeated(each, (i) => `Directory: { path: /srv/mixed${i}, owner: mixed${i}, mode: '0750' }`),
  ...repeated(each, (i) => `File: { path: /srv/mixed${i}/file, owner: mixed${i}, content: "one\\n" }`),
  ...repeated(each, (i) => `Symlink: { path: /srv/link${i}, target: mixed${i} }`),
  ...SYSCTLS.map((key) => `Sysctl: { key: ${key}, value: '${live(key)}' }`),
  'HostsFile: { entries: [{ address: 10.0.0.20, names: [nas.example.net] }] }',
  'AptPackage: { name: bash }',
  'AptPackage: { name: sudo }',
];

/** Writes it, and says of how many kinds and resources it is. */
export const writeMixedManifest = (each: number): { readonly kinds: number; readonly resources: number } => {
  const all = entries(each);
  mkdirSync('/etc/phoenix', { recursive: true, mode: 0o700 });
  const text = `version: 1\nresources:\n${all.map((one) => `  - ${one}\n`).join('')}wayBack: { probe: { command: ['true'] } }\n`;
  writeFileSync('/etc/phoenix/phoenix.yaml', text, { mode: 0o600 });
  return { kinds: new Set(all.map((one) => one.split(':')[0])).size, resources: all.length };
};
