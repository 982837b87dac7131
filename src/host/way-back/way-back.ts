import { setTimeout as sleep } from 'node:timers/promises';
import type { ArmedChange, Verdict, WayBack } from '../../engine/way-back.ts';
import { confirm, takeBackNow, type Surroundings, type Undo } from './decide.ts';
import { deciding, readArmed, readLast, removeArmed, writeArmed, type TakenBack } from './state.ts';

/** What a run brings along. */
export interface WayBackOptions extends Surroundings {
  readonly run: string;
  /** Time for a confirmation, from the last change on. */
  readonly seconds: number;
  /** Says why the host is not reachable as it should be; undefined if it is. Without a probe only a person confirms. */
  readonly probe: (() => Promise<string | undefined>) | undefined;
  readonly undo: Undo;
  /** What earlier runs had to take back. */
  readonly takenBack: TakenBack;
  readonly tell: (message: string) => void;
  readonly stopped: () => boolean;
}

const POLL = 250;
/** The timer, or a taker under way, gets this much more before the run does it itself. */
const GRACE = 30_000;

const sameChange = (a: ArmedChange, b: ArmedChange): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The way back of one run. */
export const wayBackOf = (options: WayBackOptions): WayBack => {
  const { state, holder, clock, run, seconds, tell } = options;
  let changes: readonly ArmedChange[] = [];
  let count = 0;
  let lastProbe: string | undefined;

  const id = (): string => `${run}-${count}`;

  /** What became of the changes that were armed before. */
  const decided = async (): Promise<Verdict | undefined> => {
    if ((await readArmed(state))?.id === id()) return undefined;
    const last = await readLast(state);
    return last?.id === id() ? last.verdict : undefined;
  };

  /** The new timer runs before the old one is stopped: at no moment is there none. */
  const store = async (next: readonly ArmedChange[], old: string | undefined): Promise<void> => {
    count += 1;
    const unit = `phoenix-way-back-${id()}`;
    const deadline = new Date(Date.now() + seconds * 1000).toISOString();
    writeArmed(state, { id: id(), run, deadline, unit, changes: next });
    await clock.start(unit, seconds);
    if (old !== undefined) await clock.stop(old);
    changes = next;
  };

  const deadlineOf = async (): Promise<number> => Date.parse((await readArmed(state))?.deadline ?? '') || 0;

  const probeOnce = async (): Promise<boolean> => {
    if (options.probe === undefined) return false;
    lastProbe = await options.probe();
    return lastProbe === undefined && (await confirm(options, 'probe')) !== undefined;
  };

  const ask = (deadline: number): void => {
    const names = [...new Set(changes.map(({ ref }) => ref))].join(', ');
    const at = new Date(deadline).toISOString().slice(11, 19);
    const how =
      options.probe === undefined
        ? 'run `phoenix confirm` from a new login'
        : 'the probe of the manifest confirms them, or `phoenix confirm` from a new login';
    tell(`${names}: taken back at ${at} UTC unless confirmed: ${how}`);
  };

  const takeBackByHand = async (why: string): Promise<Verdict> => {
    const taken = await takeBackNow(options, why, options.undo);
    if (taken !== undefined) await clock.stop(taken.armed.unit);
    return taken?.ended ?? (await decided()) ?? { is: 'open', why: `${why}, and nothing was armed any more` };
  };

  const wait = async (): Promise<Verdict> => {
    const deadline = await deadlineOf();
    ask(deadline);
    while (Date.now() < deadline + GRACE) {
      const verdict = (await decided()) ?? ((await probeOnce()) ? await decided() : undefined);
      if (verdict !== undefined) return verdict;
      if (options.stopped())
        return {
          is: 'open',
          why: `the run was stopped before it was confirmed; taken back at ${new Date(deadline).toISOString()} unless \`phoenix confirm\``,
        };
      await sleep(POLL);
    }
    return await takeBackByHand('nobody confirmed it, and the timer did not strike');
  };

  return {
    get armed() {
      return changes;
    },
    async arm(change) {
      await deciding(state, holder, async () => {
        const armed = await readArmed(state);
        if (changes.length > 0 && armed?.id !== id()) {
          const verdict = await decided();
          if (verdict?.is !== 'confirmed')
            throw new Error('the changes before it were taken back meanwhile; nothing was changed');
          changes = [];
        }
        await store([...changes, change], changes.length > 0 ? armed?.unit : undefined);
      });
    },
    async disarm(change) {
      await deciding(state, holder, async () => {
        const armed = await readArmed(state);
        if (armed?.id !== id()) return;
        const left = changes.filter((one) => !sameChange(one, change));
        if (left.length > 0) {
          await store(left, armed.unit);
          return;
        }
        removeArmed(state);
        changes = [];
        await clock.stop(armed.unit);
        clock.clear();
      });
    },
    async settle(failed) {
      const verdict = failed ? await takeBackByHand('the step failed') : await wait();
      changes = [];
      if (verdict.is !== 'taken back' || lastProbe === undefined) return verdict;
      return { ...verdict, why: `${verdict.why}; the probe said: ${lastProbe}` };
    },
    takenBackBefore: (ref, does) =>
      Promise.resolve(
        options.takenBack.find((one) => one.ref === ref && JSON.stringify(one.does) === JSON.stringify(does))
          ?.at,
      ),
  };
};
