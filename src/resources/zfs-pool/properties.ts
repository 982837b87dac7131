/** Values of pool properties in one form (zpoolprops(7)). */

/** As zpool takes it; YAML's true and false are its on and off. */
export const valueOf = (value: string | number | boolean): string => {
  if (value === true) return 'on';
  return value === false ? 'off' : String(value);
};

/** A property that is not set is shown as a dash. */
const UNSET: Readonly<Record<string, string>> = { comment: '', cachefile: '', bootfs: '' };

const normal = (property: string, value: string): string => {
  if (value === '-' && property in UNSET) return '';
  // A feature that is in use is one that is enabled (zpool-features(7)).
  return property.startsWith('feature@') && value === 'active' ? 'enabled' : value;
};

export const isSameValue = (property: string, wanted: string, found: string): boolean =>
  normal(property, wanted) === normal(property, found);
