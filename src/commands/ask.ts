/** The one question of a converging run, on a terminal; without one, what the flags allow. */
import { riskier, type Grant, type Risk } from '../engine/action.ts';
import type { Consent } from '../engine/gate.ts';
import { actionsOf, type Plan } from '../engine/plan.ts';
import type { Ref } from '../engine/resource-type.ts';

export interface AskOptions {
  readonly yes: boolean;
  readonly confirmed: readonly Ref[];
  readonly maxRisk: Exclude<Risk, 'destructive'> | undefined;
  readonly granted: readonly Grant[];
  readonly interactive: boolean;
}

type Question = (text: string) => Promise<string>;

const consentOf = ({ maxRisk, granted }: AskOptions, yes: boolean, confirmed: Iterable<Ref>): Consent => ({
  yes,
  confirmed: new Set(confirmed),
  granted: new Set(granted),
  ...(maxRisk === undefined ? {} : { maxRisk }),
});

interface OpenRisk {
  readonly ref?: Ref;
  readonly risk: Risk;
  readonly action?: { readonly needs?: Grant };
}

/** What the question is about: risks that the flags neither allow nor rule out. */
const openRisks = (plan: Plan, { maxRisk, confirmed, granted }: AskOptions): OpenRisk[] =>
  [...actionsOf(plan), ...plan.owed.map(({ debt }): OpenRisk => ({ risk: debt.risk }))].filter(
    ({ ref, risk, action }: OpenRisk) =>
      risk !== 'safe' &&
      (action?.needs === undefined || granted.includes(action.needs)) &&
      (maxRisk === undefined || !riskier(risk, maxRisk)) &&
      !(ref !== undefined && confirmed.includes(ref)),
  );

const typedNames = async (refs: ReadonlySet<Ref>, question: Question): Promise<Ref[]> => {
  const typed: Ref[] = [];
  for (const ref of refs) {
    const answer = await question(`${ref} would be changed destructively. Type its name to allow it: `);
    if (answer.trim() === ref) typed.push(ref);
  }
  return typed;
};

const askOn = async (plan: Plan, options: AskOptions, question: Question): Promise<Consent | undefined> => {
  const open = openRisks(plan, options);
  if (open.length === 0) return consentOf(options, options.yes, options.confirmed);
  const answer = await question(`${open.length} of these are more than safe. Go on? [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) return undefined;
  const destructive = open.flatMap(({ ref, risk }) =>
    ref !== undefined && risk === 'destructive' ? [ref] : [],
  );
  return consentOf(options, true, [
    ...options.confirmed,
    ...(await typedNames(new Set(destructive), question)),
  ]);
};

/** Undefined when the answer is no, or the terminal is closed (Ctrl-C, Ctrl-D): then nothing runs. */
export const ask = async (plan: Plan, options: AskOptions): Promise<Consent | undefined> => {
  if (options.yes || !options.interactive) return consentOf(options, options.yes, options.confirmed);
  const { createInterface } = await import('node:readline/promises');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // readline takes Ctrl-C for itself; the run is to know.
  terminal.once('SIGINT', () => {
    process.kill(process.pid, 'SIGINT');
  });
  // Whoever watches signals has listened before us, so that the run knows why when the question is over.
  const close = (): void => {
    terminal.close();
  };
  process.once('SIGINT', close).once('SIGTERM', close);
  const closed = new Promise<undefined>((resolve) => {
    terminal.once('close', () => {
      resolve(undefined);
    });
  });
  try {
    const answered = askOn(plan, options, (text) => terminal.question(text));
    answered.catch(() => undefined);
    return await Promise.race([answered, closed]);
  } finally {
    terminal.close();
    process.off('SIGINT', close).off('SIGTERM', close);
  }
};
