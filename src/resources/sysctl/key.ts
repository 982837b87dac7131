/** The names of kernel settings (sysctl.d(5)). */

/**
 * The path below /proc/sys. If the first separator is a dot, dots and slashes change places; if it is a slash, all
 * stay as they are.
 */
export const pathOfKey = (key: string): string => {
  if (key.search(/[./]/) === -1 || key.charAt(key.search(/[./]/)) === '/') return key;
  return key.replace(/[./]/g, (separator) => (separator === '.' ? '/' : '.'));
};

/** One setting has one name: with dots, and a slash for a dot that belongs to a name, as in a VLAN interface. */
export const canonicalKey = (key: string): string =>
  pathOfKey(key).replace(/[./]/g, (separator) => (separator === '/' ? '.' : '/'));

const isName = (segment: string): boolean => segment !== '' && !segment.startsWith('.');

export const isKey = (key: string): boolean => {
  const segments = pathOfKey(key).split('/');
  return segments.length > 1 && segments.every(isName);
};

export const procPath = (key: string): string => `/proc/sys/${pathOfKey(key)}`;

/** Which file is ours: one a key, so that no two resources write the same one. No key has a comma. */
export const dropInName = (key: string): string =>
  `95-phoenix-${canonicalKey(key).replaceAll('/', ',')}.conf`;
export const dropInPath = (key: string): string => `/etc/sysctl.d/${dropInName(key)}`;

/** The kernel prints lists with tabs; files have them with blanks. */
export const normalValue = (key: string, value: string): string => {
  const trimmed = value.trim();
  // The one setting where blanks in the middle count: a command line (core(5)).
  if (canonicalKey(key) === 'kernel.core_pattern') return trimmed;
  return trimmed
    .split(/\s+/)
    .map((word) => (/^-?\d+$/.test(word) ? String(BigInt(word)) : word))
    .join(' ');
};

export const dropInContent = (key: string, value: string): string =>
  `# managed by phoenix: Sysctl[${canonicalKey(key)}]\n${canonicalKey(key)} = ${normalValue(key, value)}\n`;

/** Modules that bring settings with them: until they are loaded the settings do not exist. */
const MODULES: readonly (readonly [prefix: string, module: string])[] = [
  ['net.bridge.', 'br_netfilter'],
  ['net.netfilter.nf_conntrack', 'nf_conntrack'],
  ['net.nf_conntrack', 'nf_conntrack'],
  ['net.netfilter.', 'nf_tables'],
  ['net.mptcp.', 'mptcp'],
  ['net.sctp.', 'sctp'],
  ['fs.nfs.', 'lockd'],
  ['sunrpc.', 'sunrpc'],
  ['dev.raid.', 'md_mod'],
];

export const moduleOfKey = (key: string): string | undefined =>
  MODULES.find(([prefix]) => canonicalKey(key).startsWith(prefix))?.[1];

/** Of settings that belong to one network interface. */
export const interfaceOfKey = (key: string): string | undefined => {
  const [net, family, what, name] = pathOfKey(key).split('/');
  const perInterface =
    net === 'net' && (family === 'ipv4' || family === 'ipv6') && (what === 'conf' || what === 'neigh');
  return perInterface && name !== 'all' && name !== 'default' ? name : undefined;
};
