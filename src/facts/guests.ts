/** Guests of Proxmox VE that run: virtual machines (qm(1)) and containers (pct(1)). */
import type { Guest } from '../engine/reboot.ts';
import type { CommandFact, HostReader } from '../host/host.ts';

/** The columns are wide enough for their content and parted by blanks; names of guests have none. */
const rowsOf = (stdout: string, header: RegExp): string[][] => {
  const [head = '', ...rows] = stdout.split('\n').filter((line) => line.trim() !== '');
  // no guests: nothing at all is printed
  if (head !== '' && !header.test(head)) throw new Error(`expected a table of guests, found "${head}"`);
  return rows.map((row) => row.trim().split(/\s+/));
};

/** `      VMID NAME                 STATUS     MEM(MB)    BOOTDISK(GB) PID` */
const machines: CommandFact<readonly Guest[]> = {
  name: 'qm list',
  command: { program: 'qm', args: ['list'] },
  absent: [],
  parse: (stdout) =>
    rowsOf(stdout, /^\s*VMID\s+NAME\s+STATUS\s/).flatMap(([id = '', name = '', status]) =>
      status === 'stopped' ? [] : [{ id: Number(id), name }],
    ),
};

/** `VMID       Status     Lock         Name`; the lock may be empty. */
const containers: CommandFact<readonly Guest[]> = {
  name: 'pct list',
  command: { program: 'pct', args: ['list'] },
  absent: [],
  parse: (stdout) =>
    rowsOf(stdout, /^VMID\s+Status\s/).flatMap((row) =>
      row[1] === 'stopped' ? [] : [{ id: Number(row[0]), name: row.at(-1) ?? '' }],
    ),
};

/** Every guest that is not stopped, a paused one too. */
export const runningGuests = async (host: HostReader): Promise<readonly Guest[]> => [
  ...(await host.fact(machines)),
  ...(await host.fact(containers)),
];
