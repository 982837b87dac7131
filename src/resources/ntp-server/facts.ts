import type { CommandFact } from '../../host/host.ts';

export interface Chronyd {
  /** The names that it was given, whether or not they answer. */
  readonly sources: readonly string[];
  readonly synchronised: boolean;
}

/** `mode,state,name,stratum,…` of a source, and one line of the clock, which begins with the id of what it follows. */
const SOURCE = /^[\^=#],[^,]*,([^,]*),/;
const TRACKING = /^([0-9A-F]{8}),(?:[^,]*,){12}([^,]*)$/;
const DOWN = /^506 /m;

const parse = (stdout: string): Chronyd | undefined => {
  if (DOWN.test(stdout)) return undefined;
  const lines = stdout.split('\n').filter((line) => line !== '');
  const tracking = lines.map((line) => TRACKING.exec(line)).find((match) => match !== null);
  if (tracking === undefined)
    throw new Error(`chronyc: not the answer that is documented: "${stdout.slice(0, 80)}"`);
  return {
    sources: [...new Set(lines.flatMap((line) => SOURCE.exec(line)?.[1] ?? []))],
    synchronised: tracking[1] !== '00000000' && tracking[2] !== 'Not synchronised',
  };
};

/** What chronyd does now; undefined while it does not run or is not installed (chrony 4.3, 4.6). */
export const chronyd: CommandFact<Chronyd | undefined> = {
  name: 'chronyd',
  command: { program: 'chronyc', args: ['-c', '-N', '-m', 'sources -a', 'tracking'], okCodes: [0, 1] },
  absent: undefined,
  parse,
};
