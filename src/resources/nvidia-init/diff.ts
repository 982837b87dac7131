import type { Action, Awaiting, Change, Finding, Refusal } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { judgeGpus } from '../../facts/nvidia-gpus.ts';
import { diffOwnFile } from '../../facts/own-file.ts';
import type { Unit } from './facts.ts';
import { DAEMON, OURS, type Actual, type Desired, type InitOp } from './schema.ts';
import { UNIT_PATH, unitText } from './unit.ts';

type UnitName = typeof OURS | typeof DAEMON;

const action = (
  does: InitOp,
  description: string,
  changes: readonly Change[],
  undo: Action<InitOp>['undo'],
): Action<InitOp> => ({ does, description, risk: 'safe', changes, undo });

const enable = (unit: UnitName, { file }: Unit): Action<InitOp>[] =>
  file === 'enabled'
    ? []
    : [
        action(
          { op: 'enable', unit },
          `enable ${unit}`,
          [{ path: `${unit} enabled`, from: file, to: 'enabled' }],
          {
            by: { op: 'disable', unit },
          },
        ),
      ];

const restart = (unit: UnitName, changes: readonly Change[]): Action<InitOp>[] =>
  changes.length === 0
    ? []
    : [
        action({ op: 'restart', unit }, `start ${unit}`, changes, {
          none: 'what it has set up stays until the next boot, and does no harm',
        }),
      ];

/** Why the unit has to run once more. */
const reasons = (want: Desired, actual: Actual): Change[] => {
  const { unit, missing, daemon, smi } = actual;
  const isVolatile = want.persistence && daemon === undefined && smi?.works === true;
  return [
    ...(unit.active === 'active' ? [] : [{ path: `${OURS} state`, from: unit.active, to: 'active' }]),
    ...missing.map((path) => ({ path, from: null, to: 'device node' })),
    ...(isVolatile && smi.persistent.includes(false)
      ? [{ path: 'persistence mode', from: 'off', to: 'on' }]
      : []),
  ];
};

const failing = ({ smi }: Actual): Refusal[] =>
  smi === undefined || smi.works
    ? []
    : [
        {
          refuses: `nvidia-smi fails with exit code ${smi.code}: ${smi.says}; \`dmesg | grep -e NVRM -e Xid\` may say why`,
          changes: [{ path: 'nvidia-smi', from: `exit code ${smi.code}`, to: 'works' }],
        },
      ];

const awaiting = (brings: string, { written }: Actual): Awaiting => ({
  awaits: 'reboot',
  brings,
  since: new Date(written).toISOString(),
});

const daemonOf = (want: Desired, { daemon }: Actual): Action<InitOp>[] =>
  !want.persistence || daemon === undefined
    ? []
    : [
        ...enable(DAEMON, daemon),
        ...restart(
          DAEMON,
          daemon.active === 'active' ? [] : [{ path: `${DAEMON} state`, from: daemon.active, to: 'active' }],
        ),
      ];

/** A library that is newer than what is loaded finds nobody to talk to until the next boot. */
const leftBehind = ({ loaded, userspace }: Actual): string | undefined =>
  userspace.length === 0 || loaded === undefined || userspace.includes(loaded.version)
    ? undefined
    : loaded.version;

const effect = (want: Desired, actual: Actual, isWritten: boolean): Finding<InitOp>[] => {
  if (actual.gpus.host.length === 0) return [];
  if (actual.blocked) return [awaiting('the NVIDIA cards have their device nodes', actual)];
  const old = leftBehind(actual);
  if (old !== undefined)
    return [
      awaiting(`nvidia-smi works again (library ${actual.userspace.join(', ')}, driver ${old})`, actual),
    ];
  const again = [
    ...(isWritten ? [{ path: OURS, from: 'older', to: 'as written' }] : []),
    ...reasons(want, actual),
  ];
  const actions = [...restart(OURS, again), ...daemonOf(want, actual)];
  return actions.length === 0 ? failing(actual) : actions;
};

const reload = ({ unit }: Actual, isWritten: boolean): Action<InitOp>[] =>
  isWritten || !unit.needsReload
    ? []
    : [
        action(
          { op: 'daemon-reload' },
          'let systemd read its unit files again',
          [{ path: `${OURS} in systemd`, from: 'older', to: 'as on disk' }],
          { none: 'systemd only reads what is there' },
        ),
      ];

const diffPresent = (want: Desired, actual: Actual): Finding<InitOp>[] => {
  const text = unitText(want, actual.gpus.host.length, actual.daemon !== undefined);
  const file = diffOwnFile({ path: UNIT_PATH, text, risk: 'safe' }, actual.file);
  const isWritten = actual.file?.text !== text;
  return [
    ...file,
    ...reload(actual, isWritten),
    ...enable(OURS, actual.unit),
    ...effect(want, actual, isWritten),
  ];
};

const diffAbsent = (actual: Actual): Finding<InitOp>[] => [
  ...(actual.unit.file === 'enabled'
    ? [
        action(
          { op: 'disable', unit: OURS },
          `disable ${OURS}`,
          [{ path: `${OURS} enabled`, from: 'enabled', to: '' }],
          {
            by: { op: 'enable', unit: OURS },
          },
        ),
      ]
    : []),
  ...(actual.unit.active === 'active'
    ? [
        action(
          { op: 'stop', unit: OURS },
          `stop ${OURS}; device nodes stay`,
          [{ path: `${OURS} state`, from: 'active', to: 'inactive' }],
          {
            by: { op: 'restart', unit: OURS },
          },
        ),
      ]
    : []),
  ...diffOwnFile({ path: UNIT_PATH, text: undefined, risk: 'safe' }, actual.file),
];

export const diff = (want: Desired, reading: Known<Actual>): Finding<InitOp>[] => {
  if (reading.is === 'absent') return [];
  const actual = reading.value;
  if (want.ensure === 'absent') return diffAbsent(actual);
  const verdict = judgeGpus(want, actual.gpus);
  if (verdict === 'leave alone') return [];
  return verdict === 'go on' ? diffPresent(want, actual) : [...verdict];
};
