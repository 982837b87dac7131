/** Which addresses a rule is about, by family. */
import { merged, parseAddress, type Family, type Range } from './addresses.ts';
import type { Rule } from './rule-schema.ts';

export type Sets = Readonly<Record<string, readonly string[]>>;

/** Undefined where the rule does not ask. Names of sets are filled in; what cannot be parsed was refused before. */
export const rangesOf = (
  places: Rule['source'],
  sets: Sets,
  family: Family,
): readonly Range[] | undefined => {
  if (places === undefined) return undefined;
  const texts = [places].flat().flatMap((text) => (Object.hasOwn(sets, text) ? (sets[text] ?? []) : [text]));
  const ranges = texts.map(parseAddress).filter((range): range is Range => range !== undefined);
  return merged(ranges.filter((range) => range.family === family));
};

const OF_PROTO: Readonly<Record<string, Family>> = { icmp: 4, icmpv6: 6 };

/** Those of which there is a packet that could match. */
export const familiesOf = (rule: Rule, sets: Sets): Family[] =>
  ([4, 6] as const).filter(
    (family) =>
      (OF_PROTO[rule.proto ?? ''] ?? family) === family &&
      [rule.source, rule.destination].every((places) => rangesOf(places, sets, family)?.length !== 0),
  );
