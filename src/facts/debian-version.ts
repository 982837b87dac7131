/** Debian version numbers, as dpkg orders them (deb-version(7)). */

const DIGITS = /^\d+/;
const NON_DIGITS = /^\D+/;

/** `~` sorts before everything, even the end; letters sort before the other characters. */
const weight = (char: string | undefined): number => {
  if (char === undefined) return 0;
  if (char === '~') return -1;
  return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
};

const compareWords = (a: string, b: string): number => {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = weight(a[index]) - weight(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
};

/** By text, not as numbers: a snapshot's date and time have more digits than a double holds. */
const compareNumbers = (a: string, b: string): number => {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return left.length - right.length || (left < right ? -1 : Number(left > right));
};

const headOf = (pattern: RegExp, text: string): string => pattern.exec(text)?.[0] ?? '';

/** Compares words and numbers in turn, as dpkg's `verrevcmp` does. */
const comparePart = (a: string, b: string): number => {
  let [left, right] = [a, b];
  while (left !== '' || right !== '') {
    for (const [pattern, compare] of [
      [NON_DIGITS, compareWords],
      [DIGITS, compareNumbers],
    ] as const) {
      const [leftHead, rightHead] = [headOf(pattern, left), headOf(pattern, right)];
      const order = compare(leftHead, rightHead);
      if (order !== 0) return order;
      left = left.slice(leftHead.length);
      right = right.slice(rightHead.length);
    }
  }
  return 0;
};

/** `[epoch:]upstream[-revision]`; a missing epoch or revision counts as 0. */
const partsOf = (version: string): [epoch: string, upstream: string, revision: string] => {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return [
    colon < 0 ? '0' : version.slice(0, colon),
    dash < 0 ? rest : rest.slice(0, dash),
    dash < 0 ? '' : rest.slice(dash + 1),
  ];
};

/** Negative, zero or positive, as for sorting. */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [partsOf(a), partsOf(b)];
  return (
    compareNumbers(left[0], right[0]) || comparePart(left[1], right[1]) || comparePart(left[2], right[2])
  );
};
