/** The native properties that may be set (zfsprops(7) of OpenZFS 2.1 to 2.3): what they take, and what a change does. */

export interface Property {
  /** Words, a size, a number, or text as it stands. */
  readonly form: 'switch' | 'words' | 'size' | 'number' | 'text';
  readonly words?: readonly string[];
  /** Where the words are too many to list: their form, and its name in a message. */
  readonly pattern?: { readonly regex: RegExp; readonly expected: string };
  /** `none` is one of the values; of a size it is 0. */
  readonly none?: true;
  readonly of: 'filesystem' | 'volume' | 'both';
  /** Set when the dataset is made, and never again. */
  readonly once?: true;
  /** zfs inherit refuses it. */
  readonly own?: true;
  /** What is there already stays as it was written. */
  readonly newWritesOnly?: true;
  /** Somebody who uses the dataset notices a change. */
  readonly disruptive?: true;
  readonly description: string;
}

type Traits = Omit<Property, 'form' | 'of' | 'description' | 'words' | 'pattern'>;
type Of = Property['of'];

const onOff = (of: Of, description: string, traits: Traits = {}): Property => ({
  form: 'switch',
  of,
  description,
  ...traits,
});
const words = (of: Of, list: string, description: string, traits: Traits = {}): Property => ({
  form: 'words',
  words: list.split(' '),
  of,
  description,
  ...traits,
});
const size = (of: Of, description: string, traits: Traits = {}): Property => ({
  form: 'size',
  of,
  description,
  ...traits,
});
const text = (of: Of, description: string, traits: Traits = {}): Property => ({
  form: 'text',
  of,
  description,
  ...traits,
});
const number = (of: Of, description: string, traits: Traits = {}): Property => ({
  form: 'number',
  of,
  description,
  ...traits,
});

const COMPRESSION = {
  regex:
    /^(on|off|lzjb|zle|lz4|gzip(-[1-9])?|zstd(-(1?[1-9]|10))?|zstd-fast(-([1-9]|[1-9]0|100|500|1000))?)$/,
  expected:
    'expected `on`, `off`, `lz4`, `zstd`, `zstd-1` to `zstd-19`, `zstd-fast-N`, `gzip-1` to `gzip-9`, `zle` or `lzjb`',
};
const MOUNTPOINT = {
  regex: /^(none|legacy|\/|(?:\/(?!\.{1,2}(?:\/|$))[^/\0-\x1f\x7f]+)+)$/,
  expected: 'expected `none`, `legacy` or an absolute path without `.`, `..`, `//` or a trailing slash',
};
const KEYLOCATION = {
  regex: /^(prompt|(file|https?):\/\/\/?[^\0-\x20\x7f]+)$/,
  expected: 'expected `prompt`, or a URL such as file:///etc/phoenix/secrets/tank.key',
};

const ONCE = { once: true, own: true } as const;
const NEW = { newWritesOnly: true } as const;
const NOTICED = { disruptive: true } as const;
const CHECKSUMS = 'sha256 sha512 skein blake3';

export const PROPERTIES: Readonly<Record<string, Property>> = {
  aclinherit: words(
    'filesystem',
    'discard noallow restricted passthrough passthrough-x secure',
    'how NFSv4 ACL entries are inherited',
  ),
  aclmode: words(
    'filesystem',
    'discard groupmask passthrough restricted',
    'what chmod(2) does to an NFSv4 ACL',
  ),
  acltype: words(
    'filesystem',
    'off posix nfsv4 posixacl noacl disabled',
    'which ACLs there are; Linux knows posix',
    NOTICED,
  ),
  atime: onOff('filesystem', 'whether reading a file updates its access time'),
  canmount: words('filesystem', 'on off noauto', 'whether it may be mounted; noauto: only by hand', {
    own: true,
    disruptive: true,
  }),
  casesensitivity: words(
    'filesystem',
    'sensitive insensitive mixed',
    'how file names are matched; only at creation',
    ONCE,
  ),
  checksum: words(
    'both',
    `on off fletcher2 fletcher4 noparity ${CHECKSUMS} edonr`,
    'how data are verified',
    NEW,
  ),
  compression: { ...text('both', 'how data are compressed', NEW), pattern: COMPRESSION },
  copies: words('both', '1 2 3', 'how often data are stored, besides what the pool does', NEW),
  dedup: words(
    'both',
    `on off verify ${CHECKSUMS} ${CHECKSUMS.replaceAll(/\w+/g, '$&,verify')} edonr,verify`,
    'whether equal blocks are stored once; takes memory for as long as the data are there',
    { ...NEW, ...NOTICED },
  ),
  devices: onOff('filesystem', 'whether device nodes work', NOTICED),
  direct: words(
    'filesystem',
    'disabled standard always',
    'whether O_DIRECT goes around the cache; OpenZFS 2.3',
  ),
  dnodesize: words('filesystem', 'legacy auto 1k 2k 4k 8k 16k', 'size of the dnodes of new files', NEW),
  encryption: words(
    'both',
    'on off aes-128-ccm aes-192-ccm aes-256-ccm aes-128-gcm aes-192-gcm aes-256-gcm',
    'only at creation; `on` is aes-256-gcm',
    ONCE,
  ),
  exec: onOff('filesystem', 'whether programs may be started', NOTICED),
  filesystem_limit: number('filesystem', 'how many datasets may be below it', { none: true, own: true }),
  keyformat: words('both', 'raw hex passphrase', 'form of the encryption key; only at creation', ONCE),
  keylocation: {
    ...text('both', 'where zfs itself finds the key: a URL, or prompt', { own: true }),
    pattern: KEYLOCATION,
  },
  logbias: words('both', 'latency throughput', 'whether synchronous writes use the log devices'),
  longname: onOff('filesystem', 'file names of more than 255 bytes; OpenZFS 2.3'),
  mountpoint: { ...text('filesystem', 'where it is mounted', NOTICED), pattern: MOUNTPOINT },
  nbmand: onOff('filesystem', 'mandatory locks'),
  normalization: words(
    'filesystem',
    'none formC formD formKC formKD',
    'how Unicode in file names is compared; only at creation',
    ONCE,
  ),
  overlay: onOff('filesystem', 'whether it may be mounted over a directory with content'),
  pbkdf2iters: number('both', 'rounds that make a key of a passphrase; only at creation', ONCE),
  prefetch: words('both', 'all none metadata', 'what is read ahead; OpenZFS 2.3'),
  primarycache: words('both', 'all none metadata', 'what is kept in the ARC'),
  quota: size('filesystem', 'how much it may use, with all below it', { none: true, own: true }),
  readonly: onOff('both', 'whether it can be written to', NOTICED),
  recordsize: size('filesystem', 'block size of new files, a power of 2', NEW),
  redundant_metadata: words('both', 'all most some none', 'how much metadata is stored twice', NEW),
  refquota: size('filesystem', 'how much it may use, without what is below it', { none: true, own: true }),
  refreservation: size('filesystem', 'what is kept free for it, without what is below it', {
    none: true,
    own: true,
  }),
  relatime: onOff('filesystem', 'access times only now and then'),
  reservation: size('both', 'what is kept free for it, with all below it', { none: true, own: true }),
  secondarycache: words('both', 'all none metadata', 'what is kept on cache devices'),
  setuid: onOff('filesystem', 'whether set-user-ID bits count', NOTICED),
  sharenfs: text(
    'filesystem',
    'shared over NFS by zfs itself: `on`, `off`, or options as in exports(5)',
    NOTICED,
  ),
  sharesmb: text('filesystem', 'shared over SMB by zfs itself: `on` or `off`', NOTICED),
  snapdev: words('both', 'hidden visible', 'whether snapshots of volumes have devices'),
  snapdir: words('filesystem', 'hidden visible disabled', 'whether `.zfs` is listed'),
  snapshot_limit: number('both', 'how many snapshots there may be', { none: true, own: true }),
  special_small_blocks: size('filesystem', 'blocks up to this size go to the special devices', NEW),
  sync: words('both', 'standard always disabled', 'disabled answers before data are safe', NOTICED),
  utf8only: onOff('filesystem', 'only at creation', ONCE),
  volblocksize: size('volume', 'block size; only at creation', ONCE),
  volmode: words('both', 'default full geom dev none', 'which devices it has; geom is full', NOTICED),
  volthreading: onOff('volume', 'requests in several threads; OpenZFS 2.3', { own: true }),
  vscan: onOff('filesystem', 'not used on Linux'),
  xattr: words(
    'filesystem',
    'on off sa dir',
    'how extended attributes are stored; `on` is dir before OpenZFS 2.3, then sa',
    { ...NEW, ...NOTICED },
  ),
  zoned: onOff('filesystem', 'whether it is managed from inside a container', NOTICED),
};

/** User properties (zfsprops(7)): `module:property`, for notes and other programs. */
const USER_PROPERTY = /^[a-z0-9+._][a-z0-9+._-]*:[a-z0-9:+._-]*$|^:[a-z0-9:+._-]+$/;

export const isUserProperty = (name: string): boolean => name.length <= 256 && USER_PROPERTY.test(name);

export const propertiesOf = (type: 'filesystem' | 'volume'): [string, Property][] =>
  Object.entries(PROPERTIES).filter(([, property]) => property.of === type || property.of === 'both');
