/** One spelling for each value of a property, so that the manifest's and the host's can be compared. */
import { isUserProperty, PROPERTIES, type Property } from './zfs-properties.ts';
import { exactSize, parseSize } from './zfs-sizes.ts';

/** As the manifest writes it. */
export type Written = string | number | boolean;

/** What zfs prints in their stead (module/zcommon/zfs_prop.c of OpenZFS 2.1 and 2.3). */
const ALIASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  acltype: { posixacl: 'posix', noacl: 'off', disabled: 'off' },
  aclinherit: { secure: 'restricted' },
  volmode: { geom: 'full' },
  // Defaults of the two; what is stored under `zstd-fast` is the level 1.
  compression: { 'gzip-6': 'gzip', 'zstd-3': 'zstd', 'zstd-fast-1': 'zstd-fast' },
};

const UNLIMITED = String(2n ** 64n - 1n);

const asText = (written: Written): string =>
  typeof written === 'boolean' ? (written ? 'on' : 'off') : String(written);

const normalSize = (property: Property, text: string): string | undefined =>
  property.none && text === 'none' ? '0' : parseSize(text)?.toString();

const normalNumber = (property: Property, text: string): string | undefined => {
  if (property.none && (text === 'none' || text === UNLIMITED)) return 'none';
  return /^\d{1,20}$/.test(text) && BigInt(text) < 2n ** 64n ? String(BigInt(text)) : undefined;
};

/** Before 2.3 `on` meant a hidden directory, and that is how `dir` is shown; since then it is `sa` that is shown as `on`. */
const normalXattr = (text: string, release: string | undefined): string => {
  if (text !== 'on') return text;
  const [major = 0, minor = 0] = (release ?? '2.3').split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 3) ? 'sa' : 'dir';
};

const normalWord = (name: string, text: string): string => ALIASES[name]?.[text] ?? text;

const CONTROL = /[\0-\x1f\x7f]/;

const normalText = (name: string, property: Property, text: string): string | undefined => {
  if (text === '' || text.length > 4095 || CONTROL.test(text)) return undefined;
  return property.pattern?.regex.test(text) === false ? undefined : normalWord(name, text);
};

const normalNative = (name: string, property: Property, text: string): string | undefined => {
  switch (property.form) {
    case 'size':
      return normalSize(property, text);
    case 'number':
      return normalNumber(property, text);
    case 'switch':
      return text === 'on' || text === 'off' ? text : undefined;
    case 'words':
      return property.words?.includes(text) ? normalWord(name, text) : undefined;
    case 'text':
      return normalText(name, property, text);
  }
};

/** Undefined if it is not a value of this property. */
export const normalValue = (name: string, written: Written, release?: string): string | undefined => {
  const text = asText(written);
  const property = PROPERTIES[name];
  if (property === undefined)
    return isUserProperty(name) && text !== '' && text.length < 8192 && !CONTROL.test(text)
      ? text
      : undefined;
  const normal = normalNative(name, property, text);
  return name === 'xattr' && normal !== undefined ? normalXattr(normal, release) : normal;
};

/** As the host has it: what is not known stays as it is, and differs from every known value. */
export const liveValue = (name: string, value: string, release?: string): string =>
  normalValue(name, value, release) ?? value;

/** Whether the host has what was declared; both are normal. */
export const sameValue = (name: string, wanted: string, live: string): boolean =>
  name === 'encryption' && wanted === 'on' ? live !== 'off' : wanted === live;

/** A normal value for people, and for zfs set. */
export const shownValue = (name: string, normal: string): string => {
  const property = PROPERTIES[name];
  if (property?.form !== 'size' || !/^\d+$/.test(normal)) return normal;
  return property.none && normal === '0' ? 'none' : exactSize(BigInt(normal));
};
