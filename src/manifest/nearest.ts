/** "Did you mean": the nearest of the valid words. */

/** Damerau–Levenshtein distance: insertions, deletions, replacements, and neighbours that changed places. */
export const distance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= a.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = at(row - 1, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const least = Math.min(replaced, at(row - 1, column) + 1, at(row, column - 1) + 1);
      rows[row]?.push(swapped ? Math.min(least, at(row - 2, column - 2) + 1) : least);
    }
  }
  return at(a.length, b.length);
};

/** More letters, more mistakes: otherwise every short word would be near every other. */
const tolerance = (word: string): number => (word.length < 4 ? 1 : word.length < 8 ? 2 : 3);

/** The nearest word, or undefined if none is near; of equally near ones the first. */
export const nearest = (word: string, valid: readonly string[]): string | undefined => {
  if (word.length > 64) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bound = tolerance(word) + 1;
  for (const candidate of valid) {
    const found =
      Math.abs(candidate.length - word.length) < bound ? distance(lower, candidate.toLowerCase()) : bound;
    if (found < bound) [best, bound] = [candidate, found];
  }
  return best;
};

export const didYouMean = (word: string, valid: readonly string[]): string | undefined => {
  const best = nearest(word, valid);
  return best === undefined ? undefined : `did you mean "${best}"?`;
};
