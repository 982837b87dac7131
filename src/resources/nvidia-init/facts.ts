/** The units that start the driver, and what the driver says of itself. */
import type { CommandFact } from '../../host/host.ts';

export interface Unit {
  /** ActiveState. */
  readonly active: string;
  /** UnitFileState; empty if there is no such unit. */
  readonly file: string;
  readonly needsReload: boolean;
}

const PROPERTIES = ['Id', 'ActiveState', 'UnitFileState', 'NeedDaemonReload'];

const parseBlock = (block: string): [string, Unit] => {
  const get = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1] ?? '';
  const id = get('Id');
  if (id === '')
    throw new Error(`systemctl show: expected the properties of a unit, found "${block.slice(0, 80)}"`);
  return [
    id,
    {
      active: get('ActiveState'),
      file: get('UnitFileState'),
      needsReload: get('NeedDaemonReload') === 'yes',
    },
  ];
};

/** One process; the exit code is 0 also for units that are not there. */
export const nvidiaUnits = (
  units: readonly string[],
): CommandFact<ReadonlyMap<string, Unit> | undefined> => ({
  name: `systemctl show ${units.join(' ')}`,
  command: {
    program: 'systemctl',
    args: ['show', '--no-pager', `--property=${PROPERTIES.join(',')}`, '--', ...units],
  },
  absent: undefined,
  parse: (stdout) =>
    new Map(
      stdout
        .split(/\n{2,}/)
        .filter((block) => block.trim() !== '')
        .map(parseBlock),
    ),
});

export type Answer =
  | { readonly works: true; readonly persistent: readonly boolean[] }
  | { readonly works: false; readonly code: number; readonly says: string };

/** `00000000:01:00.0, Enabled`; nvidia-smi(1) tells by its exit code what is wrong, and prints why to either stream. */
const parseSmi = (stdout: string, code: number, stderr: string): Answer => {
  const lines = stdout.split('\n').filter((line) => line.trim() !== '');
  if (code !== 0) return { works: false, code, says: (lines[0] ?? stderr.split('\n')[0] ?? '').trim() };
  return { works: true, persistent: lines.map((line) => /, Enabled$/.test(line.trim())) };
};

const CODES = Array.from({ length: 256 }, (_, code) => code);

export const nvidiaSmi: CommandFact<Answer> = {
  name: 'nvidia-smi',
  command: {
    program: 'nvidia-smi',
    args: ['--query-gpu=pci.bus_id,persistence_mode', '--format=csv,noheader'],
    okCodes: CODES,
    timeout: 60_000,
  },
  absent: { works: false, code: 127, says: 'nvidia-smi is not installed' },
  parse: (stdout, { code, stderr }) => parseSmi(stdout, code, stderr),
};
