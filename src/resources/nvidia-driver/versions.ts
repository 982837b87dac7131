/** What the operator says of a version, against what dpkg and apt call it. */

const withoutEpoch = (version: string): string => version.replace(/^\d+:/, '');

/** That of NVIDIA: without the epoch and the revision of Debian. */
export const upstreamOf = (version: string): string => withoutEpoch(version).replace(/-[^-]*$/, '');

const isWhole = (wanted: string): boolean => /[-+~]/.test(wanted);

export const fits = (wanted: string | undefined, version: string): boolean => {
  if (wanted === undefined) return true;
  if (isWhole(wanted)) return withoutEpoch(version) === wanted;
  const upstream = upstreamOf(version);
  return upstream === wanted || upstream.startsWith(`${wanted}.`);
};

/** For `apt-get install NAME=…`, which takes an asterisk at the end. */
export const patternOf = (wanted: string): string => {
  if (isWhole(wanted)) return wanted;
  return wanted.includes('.') ? `${wanted}-*` : `${wanted}.*`;
};
