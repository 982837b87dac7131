import { absent, present, type Reading } from '../../../engine/reading.ts';
import { LOOPBACK } from '../../../facts/addresses.ts';
import { EMPTY_FILE, isOurs, MAIN, OPTIONS, SERVER_FILE } from '../../../facts/bind9/files.ts';
import { isThere, markQuestion } from '../../../facts/bind9/mark.ts';
import { runningPid } from '../../../facts/bind9/service.ts';
import { inside, statementsIn } from '../../../facts/bind9/statements.ts';
import { holdersOfPort53 } from '../../../facts/port-53.ts';
import type { HostReader } from '../../../host/host.ts';
import type { Desired } from '../schema.ts';
import { insideOf, PACKAGED } from './render.ts';

export interface Bind9 {
  readonly backend: 'bind9';
  /** named.conf.options, and the file with its mark. */
  readonly options?: string;
  readonly mark?: string;
  /** The data of the zones that marks are. */
  readonly empty?: string;
  /** What others have set that ours cannot take the place of. */
  readonly conflicts: readonly string[];
  /** Who else has the port. */
  readonly holders: readonly string[];
  /** Whether the running server has this version of our file; not there while it does not run. */
  readonly inUse?: boolean;
}

const bodyOf = (options: string): string[] =>
  statementsIn(options).flatMap((one) => (/^options ?\{/.test(one) ? statementsIn(inside(one)) : [one]));

/** Also what Debian 12 has there: named's own defaults. */
const PACKAGED_BODY: ReadonlySet<string> = new Set([
  ...bodyOf(PACKAGED),
  'dnssec-validation auto',
  'listen-on-v6 { any; }',
]);

/** Of a file that is not ours yet: statements that the package has not put there. */
const foreignIn = (options: string): string[] =>
  isOurs(options) ? [] : bodyOf(options).filter((statement) => !PACKAGED_BODY.has(statement));

const conflictsOf = (options: string | undefined, main: string | undefined): string[] => {
  const foreign = foreignIn(options ?? '').map((statement) => `\`${statement}\``);
  const isIncluded = main === undefined || statementsIn(main).includes(`include "${OPTIONS}"`);
  return [
    ...(foreign.length === 0
      ? []
      : [
          `${OPTIONS} has ${foreign.join(', ')}; there is one statement \`options\`, so the file becomes ours whole, and what is no option belongs into named.conf.local`,
        ]),
    ...(isIncluded ? [] : [`${MAIN} does not include ${OPTIONS}`]),
  ];
};

const isInUse = async (host: HostReader, mark: string | undefined): Promise<boolean> => {
  const question = markQuestion(mark ?? '');
  if (question === undefined) return false;
  const [answer] = await host.askDns(LOOPBACK, [question]);
  return isThere(answer);
};

export const readBind9 = async (host: HostReader, want: Desired): Promise<Reading<Bind9>> => {
  const [options, mark, empty, main] = [OPTIONS, SERVER_FILE, EMPTY_FILE, MAIN].map((path) =>
    host.readFile(path)?.toString(),
  );
  if (want.ensure === 'absent' && mark === undefined && !isOurs(options ?? '')) return absent;
  const pid = runningPid(host);
  const addresses = [...insideOf(want), ...(want.authority?.listen ?? [])];
  return present<Bind9>({
    backend: 'bind9',
    ...(options === undefined ? {} : { options }),
    ...(mark === undefined ? {} : { mark }),
    ...(empty === undefined ? {} : { empty }),
    conflicts: conflictsOf(options, main),
    holders: holdersOfPort53(host, addresses, pid),
    ...(pid === undefined ? {} : { inUse: await isInUse(host, mark) }),
  });
};
