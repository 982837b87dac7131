import { setTimeout as pause } from 'node:timers/promises';
import { reasonOf } from '../../engine/reading.ts';
import type { Host } from '../../host/host.ts';
import { isGuarded } from './debts.ts';
import { parseUnits, showCommand, type UnitState } from './facts.ts';
import { isRunning } from './states.ts';

/** Longer than DefaultTimeoutStartSec= and DefaultTimeoutStopSec= (90 s) together. */
const TIMEOUT = 300_000;
/** `systemctl start` does not wait for these to get anywhere: they count as started when they are forked. */
const FORGETFUL = new Set(['simple', 'exec', 'idle']);
const SETTLED = 300;

export const systemctl = async (host: Host, args: readonly string[], okCodes: readonly number[] = [0]) =>
  await host.run({ program: 'systemctl', args, okCodes, timeout: TIMEOUT });

const show = async (host: Host, unit: string): Promise<UnitState | undefined> => {
  const { stdout } = await host.run(showCommand([unit]));
  return parseUnits(stdout).get(unit);
};

/** Whoever asked for the restart need not know that unit files have changed as well. */
const freshen = async (host: Host, unit: string): Promise<UnitState | undefined> => {
  const state = await show(host, unit);
  if (state?.needsReload) await systemctl(host, ['daemon-reload']);
  return state;
};

const failed = async (host: Host, unit: string, reason: string, cause?: unknown): Promise<Error> => {
  // 3: not running, which is what it is about
  const { stdout } = await systemctl(
    host,
    ['status', '--no-pager', '--lines=10', '--', unit],
    [0, 1, 2, 3, 4],
  );
  return new Error(`${reason}\n${stdout.trim()}`, { cause });
};

const isDown = (state: UnitState | undefined): boolean =>
  state?.active === 'failed' || state?.sub === 'auto-restart';

/** Carries out a job, and looks whether the unit has survived it. */
const survive = async (host: Host, unit: string, verb: string): Promise<void> => {
  try {
    await systemctl(host, [verb, '--', unit]);
  } catch (error) {
    throw await failed(host, unit, reasonOf(error), error);
  }
  let state = await show(host, unit);
  if (FORGETFUL.has(state?.type ?? '')) {
    await pause(SETTLED);
    state = await show(host, unit);
  }
  if (isDown(state))
    throw await failed(host, unit, `${unit} is ${state?.sub ?? ''} after \`systemctl ${verb}\``);
};

export const start = async (host: Host, unit: string, afterFailure: boolean): Promise<void> => {
  await freshen(host, unit);
  // Else a unit that hit its start limit would refuse; 1: it is not loaded any more.
  if (afterFailure) await systemctl(host, ['reset-failed', '--', unit], [0, 1]);
  await survive(host, unit, 'start');
};

/** Only what runs is restarted. */
export const restart = async (host: Host, unit: string): Promise<void> => {
  if (isGuarded(unit))
    throw new Error(
      `refusing to restart ${unit} by itself: it takes sessions, the network or guests down; restart it by hand when it suits`,
    );
  await freshen(host, unit);
  await survive(host, unit, 'try-restart');
};

/** Falls back to a restart where a unit cannot reload, but for those that are never restarted. */
export const reload = async (host: Host, unit: string): Promise<void> => {
  const state = await freshen(host, unit);
  if (isGuarded(unit) && !isRunning(state)) return;
  await survive(host, unit, isGuarded(unit) ? 'reload' : 'try-reload-or-restart');
};
