/** What each type of storage takes (pvesm(1); proxmox/pve-storage, the plugins below src/PVE/Storage). */

export const TYPES = ['dir', 'zfspool', 'nfs', 'cifs', 'lvmthin'] as const;
export type StorageType = (typeof TYPES)[number];

export const CONTENT = [
  'images',
  'rootdir',
  'vztmpl',
  'iso',
  'backup',
  'snippets',
  'import',
  'none',
] as const;
export type Content = (typeof CONTENT)[number];

export interface TypeRules {
  readonly content: readonly Content[];
  /** What Proxmox VE takes where none is set. */
  readonly defaultContent: readonly Content[];
  /** Set at creation and never again: manifest fields. */
  readonly fixed: readonly string[];
  /** Must be declared. */
  readonly required: readonly string[];
  /** What else may be declared. */
  readonly optional: readonly string[];
}

const FILES = ['images', 'rootdir', 'vztmpl', 'iso', 'backup', 'snippets', 'import'] as const;
const GUESTS = ['images', 'rootdir'] as const;

export const RULES: Readonly<Record<StorageType, TypeRules>> = {
  dir: {
    content: [...FILES, 'none'],
    defaultContent: GUESTS,
    fixed: ['path'],
    required: ['path'],
    optional: ['isMountpoint', 'shared', 'pruneBackups'],
  },
  zfspool: {
    content: GUESTS,
    defaultContent: GUESTS,
    fixed: ['pool'],
    required: ['pool'],
    optional: ['blocksize', 'sparse'],
  },
  nfs: {
    content: FILES,
    defaultContent: ['images'],
    fixed: ['server', 'export', 'path'],
    required: ['server', 'export'],
    optional: ['path', 'options', 'pruneBackups'],
  },
  cifs: {
    content: FILES,
    defaultContent: ['images'],
    fixed: ['server', 'share', 'path'],
    required: ['server', 'share'],
    optional: ['path', 'options', 'username', 'password', 'domain', 'smbVersion', 'pruneBackups'],
  },
  lvmthin: {
    content: GUESTS,
    defaultContent: GUESTS,
    fixed: ['vgname', 'thinpool'],
    required: ['vgname', 'thinpool'],
    optional: [],
  },
};

/** Every field that belongs to some types only. */
export const TYPED_FIELDS: readonly string[] = [
  ...new Set(Object.values(RULES).flatMap(({ required, optional }) => [...required, ...optional])),
];
