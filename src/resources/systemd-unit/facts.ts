import type { CommandFact } from '../../host/host.ts';

/** How systemd sees a unit: properties of org.freedesktop.systemd1(5). */
export interface UnitState {
  /** Its own name, if it was asked for by an alias. */
  readonly id: string;
  /** LoadState: loaded, not-found, masked, bad-setting, error. */
  readonly load: string;
  readonly active: string;
  readonly sub: string;
  /** UnitFileState; empty if there is no unit file. */
  readonly file: string;
  readonly fragment: string;
  readonly needsReload: boolean;
  readonly result: string;
  /** Of a service. */
  readonly type: string;
  readonly remains: boolean;
}

const PROPERTIES = [
  'Id',
  'Names',
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'FragmentPath',
  'NeedDaemonReload',
  'Result',
  'Type',
  'RemainAfterExit',
].join(',');

export const showCommand = (units: readonly string[]) => ({
  program: 'systemctl',
  args: ['show', '--no-pager', `--property=${PROPERTIES}`, '--', ...units],
  maxOutput: 16 * 1024 * 1024,
});

/** systemctl prints the properties in an order of its own, and leaves out those that a type of unit does not have. */
const parseBlock = (block: string): ReadonlyMap<string, string> =>
  new Map(
    block
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

const stateOf = (block: ReadonlyMap<string, string>): UnitState => {
  const get = (property: string): string => block.get(property) ?? '';
  return {
    id: get('Id'),
    load: get('LoadState'),
    active: get('ActiveState'),
    sub: get('SubState'),
    file: get('UnitFileState'),
    fragment: get('FragmentPath'),
    needsReload: get('NeedDaemonReload') === 'yes',
    result: get('Result'),
    type: get('Type'),
    remains: get('RemainAfterExit') === 'yes',
  };
};

/** By every name that the unit has: an alias shows the unit that it stands for. */
export const parseUnits = (stdout: string): ReadonlyMap<string, UnitState> => {
  const units = new Map<string, UnitState>();
  for (const text of stdout.split(/\n{2,}/)) {
    if (text.trim() === '') continue;
    const block = parseBlock(text);
    const id = block.get('Id');
    if (!id)
      throw new Error(`systemctl show: expected the properties of a unit, found "${text.slice(0, 80)}"`);
    const state = stateOf(block);
    for (const name of [id, ...(block.get('Names') ?? '').split(' ')]) units.set(name, state);
  }
  return units;
};

/** Of all units in one process; the exit code is 0 also for unknown ones. Undefined without systemd. */
export const unitStates = (
  units: readonly string[],
): CommandFact<ReadonlyMap<string, UnitState> | undefined> => ({
  name: `systemctl show ${units.join(' ')}`,
  command: showCommand(units),
  absent: undefined,
  parse: parseUnits,
});
