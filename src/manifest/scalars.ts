/**
 * Plain (unquoted) scalars: which are numbers in the core schema of YAML 1.2, and which are traps, because a YAML 1.1
 * reader takes them for something else or because the number would not be the one that is written.
 */

/** A number that every reader of YAML and JSON takes for the same one. */
export const CANONICAL_NUMBER = /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?$/;

/** YAML 1.1 `!!int` and `!!float` to the base 60: 1:20 is 80. PCI addresses and times look like it. */
const SEXAGESIMAL = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const LEADING_ZERO = /^[-+]?0[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/;
const NOT_FINITE = /^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/;
const CORE_NUMBER =
  /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$/;

export interface Trap {
  readonly message: string;
  readonly hint: string;
}

export const quoted = (source: string): string => `quote it: '${source.replaceAll("'", "''")}'`;

/** Why a plain scalar is refused wherever it stands. */
export const trapOf = (source: string): Trap | undefined => {
  const hint = quoted(source);
  if (LEADING_ZERO.test(source))
    return { message: `${source} is ambiguous: some readers take a leading zero for octal`, hint };
  if (SEXAGESIMAL.test(source))
    return { message: `${source} is ambiguous: some readers take it for a number to the base 60`, hint };
  if (NOT_FINITE.test(source)) return { message: `${source} is no finite number`, hint };
  if (!CORE_NUMBER.test(source)) return undefined;
  const value = Number(source.replace(/^\+/, ''));
  if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return undefined;
  return { message: `${source} is too large for an exact number`, hint };
};

/** Whether the fast reader has to leave this plain scalar to the slow one. */
export const isNumberLike = (source: string): boolean =>
  CORE_NUMBER.test(source) || SEXAGESIMAL.test(source) || NOT_FINITE.test(source);
