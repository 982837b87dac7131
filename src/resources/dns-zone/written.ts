/** Whole names and strings as the manifest would have them: what `resolved` does, backwards. */
export const relative = (name: string, zone: string): string => {
  if (name === zone) return '@';
  return name.endsWith(`.${zone}`) ? name.slice(0, -zone.length - 1) : `${name}.`;
};

/** One with a dot is taken for whole. */
export const target = (name: string, zone: string): string => {
  const short = relative(name, zone);
  return short.includes('.') ? name : short;
};

export const unquoted = (strings: string): string =>
  [...strings.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part = '']) => part.replace(/\\(.)/g, '$1')).join('');
