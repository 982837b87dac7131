import { Ansis } from 'ansis';

/** Colours by meaning; `plain` where there is no terminal, or none are wanted. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
}

const same = (text: string): string => text;
const PLAIN: Paint = { good: same, warn: same, bad: same, faint: same, strong: same };

export const paintFor = (colour: boolean): Paint => {
  if (!colour) return PLAIN;
  const ansis = new Ansis(1);
  return {
    good: (text) => ansis.green(text),
    warn: (text) => ansis.yellow(text),
    bad: (text) => ansis.red(text),
    faint: (text) => ansis.dim(text),
    strong: (text) => ansis.bold(text),
  };
};

/** FORCE_COLOR wins over all but `--no-color`; then NO_COLOR, a dumb terminal, and no terminal mean none. */
export const wantsColour = (
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
  flag: boolean,
): boolean => {
  if (!flag) return false;
  const { FORCE_COLOR, NO_COLOR, TERM } = environment;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
};
