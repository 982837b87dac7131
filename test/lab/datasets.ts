/** What the lab files of ZfsDataset say in the same words. */

export const KEY = '/etc/phoenix/secrets/tank-enc';
export const HEX = '0123456789abcdef'.repeat(4);

export const manifest = (...resources: string[]): string =>
  `version: 1\nresources:\n${resources.map((one) => `  - ${one}\n`).join('')}`;
export const dataset = (fields: string): string => `ZfsDataset: { ${fields} }`;

export const ENCRYPTED = dataset(
  `name: tank/enc, properties: { encryption: on, keyformat: hex }, key: { file: ${KEY} }`,
);

/** Asserted with zfs itself. */
export const value = (name: string, property: string, expected: string): string =>
  `test "$(zfs get -Hp -o value ${property} ${name})" = '${expected}'`;
export const mounted = (name: string, path: string): string =>
  `grep -q '^${name} ${path} zfs ' /proc/self/mounts`;
