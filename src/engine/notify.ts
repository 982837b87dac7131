/** Whether the end of a run by the timer is worth a word to somebody, and which. Pure. */
import type { SecretRef } from '../host/secret-ref.ts';
import { EXIT } from './outcome.ts';
import type { Differing } from './run-summary.ts';

export const NEWS = ['failure', 'drift', 'recovery'] as const;
export type News = (typeof NEWS)[number];

/** Where a word goes to. The address may be a secret too: who knows it may write there. */
export interface Target {
  readonly url: string | SecretRef;
  /** Of the header `Authorization: Bearer`. */
  readonly token?: SecretRef | undefined;
}

/** What the manifest says of it. */
export interface Notify {
  readonly on: readonly News[];
  readonly webhook?: Target | undefined;
  readonly ntfy?: Target | undefined;
  /** For the textfile collector of node_exporter. */
  readonly textfile?: string | undefined;
}

/** How a run ended. Of one that never came to a plan nothing is known but its exit code. */
export interface Ending {
  readonly exitCode: number;
  readonly differed: readonly Differing[];
  readonly owed: number;
}

/** What was told last. */
export interface Told {
  readonly is: 'failure' | 'drift' | 'good';
  /** Something is still to be mended: the next good run is a recovery. */
  readonly open: boolean;
  /** Tells one trouble from another. */
  readonly about: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** The same trouble is told of again when it is so old. */
const AGAIN = 24 * 3_600_000;

/** Another run was under way, or this one was stopped: that says nothing of the host. */
const SAYS_NOTHING: ReadonlySet<number> = new Set([EXIT.locked, EXIT.SIGINT, EXIT.SIGTERM]);
const NO_FAILURE: ReadonlySet<number> = new Set([EXIT.done, EXIT.drift, EXIT.held]);

/** What came with the manifest and has converged is what somebody wanted. */
const isTrouble = ({ origin, result }: Differing): boolean => origin === 'drift' || result !== 'converged';

const tellingOf = ({ exitCode, differed, owed }: Ending, at: string): Told => {
  const trouble = differed.filter(isTrouble);
  const refs = trouble.map(({ ref, result = '' }) => `${ref} ${result}`).sort();
  const about = [exitCode, ...(owed > 0 ? ['owed'] : []), ...refs].join('\n');
  if (!NO_FAILURE.has(exitCode)) return { is: 'failure', open: true, about, at };
  if (trouble.length > 0 || exitCode !== EXIT.done)
    return { is: 'drift', open: exitCode !== EXIT.done, about, at };
  return { is: 'good', open: false, about: '', at };
};

export interface Word {
  /** Left out where there is nothing new. */
  readonly news?: News;
  /** To be kept, once it has been told. */
  readonly told: Told;
}

/** Undefined where a run says nothing of the host. */
export const wordOf = (ending: Ending, before: Told | undefined, now: Date): Word | undefined => {
  if (SAYS_NOTHING.has(ending.exitCode)) return undefined;
  const told = tellingOf(ending, now.toISOString());
  if (told.is === 'good') return before?.open === true ? { news: 'recovery', told } : { told };
  const known =
    before?.about === told.about && now.getTime() - Date.parse(before.at) < AGAIN ? before : undefined;
  return known === undefined ? { news: told.is, told } : { told: known };
};
