/** The words of a kernel command line: parted by blanks, but not within double quotes (kernel-parameters.txt). */
export const wordsOf = (line: string): string[] => line.match(/(?:"[^"]*"|[^\s"])+/g) ?? [];

export const keyOfWord = (word: string): string => word.replace(/=.*$/s, '');

/** Names of parameters are the same with dashes and underscores. */
export const isSameKey = (a: string, b: string): boolean => a.replaceAll('-', '_') === b.replaceAll('-', '_');

/** Every word of one parameter, in order: for most the last one counts. */
export const wordsOfKey = (words: readonly string[], key: string): string[] =>
  words.filter((word) => isSameKey(keyOfWord(word), key));

/** With the parameter said once, or not at all; everything else stays where it is. */
export const withWord = (words: readonly string[], key: string, word: string | null): string[] => {
  const own = wordsOfKey(words, key);
  const others = words.filter((one) => !own.includes(one));
  return word === null ? others : [...others, word];
};
