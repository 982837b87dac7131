/** The actions on a unit as systemd sees it: enabled, masked, running. */
import type { Action, Change, Risk, Undo } from '../../engine/action.ts';
import { isGuarded } from './debts.ts';
import type { UnitState } from './facts.ts';
import type { Desired, UnitOp } from './schema.ts';
import { isDisabled, isEnabled, isMasked, isRunning, isStarted } from './states.ts';

type State = UnitState | undefined;

const action = (
  does: UnitOp & { unit: string },
  risk: Risk,
  changes: readonly Change[],
  undo: Undo<UnitOp>,
): Action<UnitOp> => ({ does, description: `${does.op} ${does.unit}`, risk, changes, undo });

/** Without one of these the host is out of reach, or its guests stop. */
const riskOfStopping = (unit: string): Risk => (isGuarded(unit) ? 'destructive' : 'disruptive');

const enabling = (state: State, to: string): Change[] => [{ path: 'enabled', from: state?.file ?? '', to }];
const running = (state: State, to: string): Change[] => [
  { path: 'state', from: state?.active ?? 'inactive', to },
];

const unmask = (unit: string, state: State): Action<UnitOp> =>
  action(
    { op: 'unmask', unit, runtime: state?.file === 'masked-runtime' },
    'safe',
    enabling(state, 'unmasked'),
    {
      by: { op: 'mask', unit },
    },
  );

const mask = (unit: string, state: State): Action<UnitOp> =>
  action({ op: 'mask', unit }, riskOfStopping(unit), enabling(state, 'masked'), {
    by: { op: 'unmask', unit, runtime: false },
  });

const enable = (unit: string, state: State): Action<UnitOp> =>
  action({ op: 'enable', unit }, 'safe', enabling(state, 'enabled'), {
    by: { op: 'disable', unit, runtime: false },
  });

export const disable = (unit: string, state: State): Action<UnitOp> =>
  action(
    { op: 'disable', unit, runtime: state?.file === 'enabled-runtime' },
    riskOfStopping(unit),
    enabling(state, 'disabled'),
    {
      by: { op: 'enable', unit },
    },
  );

const start = (unit: string, state: State): Action<UnitOp> =>
  action({ op: 'start', unit, afterFailure: state?.active === 'failed' }, 'safe', running(state, 'started'), {
    by: { op: 'stop', unit },
  });

export const stop = (unit: string, state: State): Action<UnitOp> =>
  action({ op: 'stop', unit }, riskOfStopping(unit), running(state, 'stopped'), {
    by: { op: 'start', unit, afterFailure: false },
  });

export const daemonReload = (changes: readonly Change[]): Action<UnitOp> => ({
  does: { op: 'daemon-reload' },
  description: 'let systemd read its unit files again',
  risk: 'safe',
  changes,
  undo: { again: 'systemd only reads what is there' },
});

/** Before the files: a mask stands where the unit file goes, and a unit is best stopped by its old file. */
export const beforeFiles = (want: Desired, state: State): Action<UnitOp>[] => [
  ...(isMasked(state) && want.enabled !== undefined && want.enabled !== 'masked'
    ? [unmask(want.name, state)]
    : []),
  ...(want.state === 'stopped' && isRunning(state) ? [stop(want.name, state)] : []),
  // What a mask hid may be enabled.
  ...(want.enabled === 'disabled' && (isMasked(state) || !isDisabled(state))
    ? [disable(want.name, state)]
    : []),
];

export const afterFiles = (want: Desired, state: State, contentDiffers: boolean): Action<UnitOp>[] => [
  ...(want.enabled === 'masked' && state?.file !== 'masked' ? [mask(want.name, state)] : []),
  ...(want.enabled === 'enabled' && !isEnabled(want, state, contentDiffers)
    ? [enable(want.name, state)]
    : []),
  ...(want.state === 'started' && !isStarted(state) ? [start(want.name, state)] : []),
];
