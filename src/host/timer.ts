/** The timer of systemd, asked and told. */
import type { Schedule } from '../engine/schedule.ts';
import { execute, executeOk } from './execute.ts';
import { removeUnits, TIMER, writeUnits, type Wanted } from './schedule-units.ts';
import { STATE_DIRECTORY, stateFolder } from './state-directory.ts';

const systemctl = async (...args: string[]): Promise<void> => {
  await executeOk({ program: 'systemctl', args });
};

/** By who knows best, before anything is written. */
const refuseUnlessTimes = async ({ onCalendar, randomizedDelay }: Schedule): Promise<void> => {
  await executeOk({ program: 'systemd-analyze', args: ['calendar', '--', onCalendar] });
  await executeOk({ program: 'systemd-analyze', args: ['timespan', '--', randomizedDelay] });
};

export const enableTimer = async (wanted: Wanted): Promise<void> => {
  await refuseUnlessTimes(wanted.schedule);
  // The sandbox of a check lets it write there, if it is there.
  stateFolder(STATE_DIRECTORY);
  writeUnits(wanted);
  await systemctl('daemon-reload');
  await systemctl('--quiet', 'enable', TIMER);
  // What has changed counts from its next start on.
  await systemctl('restart', TIMER);
};

/** Also where there is none, or half of one. */
export const disableTimer = async (): Promise<void> => {
  await execute({ program: 'systemctl', args: ['--quiet', 'disable', '--now', TIMER] });
  // When it has struck last: else the next timer would make up for what was missed since.
  await execute({ program: 'systemctl', args: ['clean', '--what=state', TIMER] });
  removeUnits();
  await systemctl('daemon-reload');
};

export interface TimerState {
  readonly enabled: boolean;
  readonly active: boolean;
  /** As systemd writes them; empty for never. */
  readonly next: string;
  readonly last: string;
}

const properties = async (unit: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const { stdout } = await executeOk({
    program: 'systemctl',
    args: ['show', unit, ...names.map((name) => `--property=${name}`)],
  });
  return new Map(
    stdout.split('\n').map((line) => {
      const [name = '', ...value] = line.split('=');
      return [name, value.join('=')];
    }),
  );
};

export const timerState = async (): Promise<TimerState> => {
  const said = await properties(TIMER, [
    'ActiveState',
    'UnitFileState',
    'NextElapseUSecRealtime',
    'LastTriggerUSec',
  ]);
  return {
    enabled: said.get('UnitFileState') === 'enabled',
    active: said.get('ActiveState') === 'active',
    next: said.get('NextElapseUSecRealtime') ?? '',
    last: said.get('LastTriggerUSec') ?? '',
  };
};

/** No run takes longer than its unit allows. */
const HOUR = 3_600_000;

/** Starts it, waits for its end, and gives the exit code of its run; undefined if it could not be started. */
export const runNow = async (service: string): Promise<number | undefined> => {
  await execute({ program: 'systemctl', args: ['start', service], timeout: HOUR });
  const said = await properties(service, ['ExecMainStatus', 'ExecMainExitTimestampMonotonic', 'Result']);
  const code = Number(said.get('ExecMainStatus'));
  return said.get('Result') === 'success' || code !== 0 ? code : undefined;
};
