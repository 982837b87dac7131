/** What the server is asked to see that it answers what is declared. */
import { LOOPBACK } from '../../facts/addresses.ts';
import type { DnsQuestion, HostReader } from '../../host/host.ts';
import type { ResolvedRecord } from './resolved.ts';

export interface Expected extends DnsQuestion {
  /** All of them, sorted. */
  readonly records: readonly string[];
  /** Those that the answer is made of. */
  readonly of: readonly ResolvedRecord[];
}

/** By name and type: `web.a.test A`. */
export type Answers = Readonly<Record<string, readonly string[]>>;

export const keyOf = ({ name, type }: DnsQuestion): string => `${name} ${type}`;

/** Any name below will do. */
const askedName = ({ name, wildcard }: ResolvedRecord): string => (wildcard ? `phoenix-asks.${name}` : name);

/** One for each name and type. */
export const expectedOf = (records: readonly ResolvedRecord[]): Expected[] => {
  const groups = new Map<string, Expected>();
  for (const one of records) {
    const question = { name: askedName(one), type: one.type };
    const of = [...(groups.get(keyOf(question))?.of ?? []), one];
    groups.set(keyOf(question), { ...question, records: of.map(({ data }) => data).sort(), of });
  }
  return [...groups.values()];
};

/** In this process, and all questions of a zone together. */
export const ask = async (
  host: HostReader,
  program: string,
  questions: readonly DnsQuestion[],
): Promise<Answers> => {
  const answers = await host.askDns(LOOPBACK, questions);
  return Object.fromEntries(
    questions.map((question, index): [string, readonly string[]] => {
      const answer = answers[index];
      if (answer?.is === 'answer') return [keyOf(question), answer.records];
      const code = answer?.code ?? 'nothing';
      throw new Error(
        `${program} does not answer ${question.type} of ${question.name} at ${LOOPBACK}: ${code}`,
      );
    }),
  );
};
