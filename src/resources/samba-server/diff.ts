import type { Action, Change, Debt, Finding, Refusal } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { compareLines, overriddenIn } from '../../facts/samba/compare.ts';
import { MAIN, OURS, type Include } from '../../facts/samba/files.ts';
import { parametersOf, render, type Desired, type ServerOp } from './schema.ts';

export interface Actual {
  /** [global] of our file. */
  readonly lines?: readonly string[];
  readonly include: Include;
  /** Other sections of our file. */
  readonly shares: readonly string[];
  /** [global] as Samba understands it; not there if it is not installed, or would not load it. */
  readonly effective?: Readonly<Record<string, string>>;
  /** Why Samba would not load the configuration. */
  readonly broken?: readonly string[];
}

/** Read when smbd starts, and then never again (smb.conf(5), smbd(8)). */
const AT_START: ReadonlySet<string> = new Set([
  'bind interfaces only',
  'disable netbios',
  'interfaces',
  'netbios name',
  'server role',
  'smb ports',
]);

const RELOAD: Debt = {
  kind: 'SambaServer',
  does: { op: 'reload' },
  description: 'let Samba read its configuration again',
  risk: 'safe',
};
const RESTART: Debt = {
  kind: 'SystemdUnit',
  does: { op: 'restart', unit: 'smbd.service' } as Debt['does'],
  description: 'restart smbd.service',
  risk: 'disruptive',
};

const owedFor = (changes: readonly Change[]): Debt[] =>
  changes.some(({ path }) => AT_START.has(path)) ? [RESTART] : [RELOAD];

/** A server that is to go waits for its shares: they may be declared absent, and go before. */
const onceGone = ({ shares }: Actual): string =>
  shares.length === 0 ? '' : `, once its shares are gone: ${shares.join(', ')}`;

const write = (lines: string[] | null, found: Actual, changes: readonly Change[]): Action<ServerOp> => ({
  does: { op: 'write', lines },
  description: `${lines === null ? 'remove' : found.lines === undefined ? 'write' : 'change'} the settings of Samba in ${OURS}${lines === null ? onceGone(found) : ''}`,
  risk: 'disruptive',
  changes,
  undo: { by: { op: 'write', lines: found.lines === undefined ? null : [...found.lines] } },
  owes: owedFor(changes),
});

const include = (found: Actual, changed: readonly Change[]): Action<ServerOp> => ({
  does: { op: 'include' },
  description: `let ${MAIN} include ${OURS}, at its end`,
  risk: 'disruptive',
  changes: [{ path: 'include', from: found.include, to: 'last' }],
  undo:
    found.include === 'missing'
      ? { by: { op: 'exclude' } }
      : { none: `what ${MAIN} was is kept in the backup` },
  owes: owedFor(changed),
});

const exclude = (found: Actual, changed: readonly Change[]): Action<ServerOp> => ({
  does: { op: 'exclude' },
  description: `take the line out of ${MAIN} that includes ${OURS}${onceGone(found)}`,
  risk: 'disruptive',
  changes: [{ path: 'include', from: found.include, to: 'missing' }],
  undo: { by: { op: 'include' } },
  owes: owedFor(changed),
});

/** All that is ours counts anew when the include comes, moves or goes. */
const allOf = (lines: readonly string[]): Change[] => compareLines(lines, undefined);

/** Where there are shares of ours, one of them may be at fault, and must be able to converge after this. */
const brokenFinding = ({ shares }: Actual, said: readonly string[]): Finding<ServerOp> => {
  const what =
    'Samba does not load its configuration: smbd keeps what it has until it restarts, and then fails; ' +
    `correct what testparm names, in ${MAIN} or what it includes: ${said.join('; ')}`;
  return shares.length > 0
    ? { remarks: what }
    : { refuses: what, changes: [{ path: 'configuration', from: 'broken', to: 'loaded' }] };
};

const refuseOverridden = (changes: readonly Change[]): Refusal => ({
  refuses:
    `something outside ${OURS} sets ${changes.map(({ path, from }) => `\`${path}\` to ${String(from)}`).join(', ')}: ` +
    'look for `config backend`, `include` and `config file` in what `testparm -s` prints, and take it out',
  changes,
});

const diffAbsent = (found: Actual): Finding<ServerOp>[] => {
  const { lines, include: included } = found;
  return [
    ...(included === 'missing' ? [] : [exclude(found, allOf(lines ?? []))]),
    ...(lines === undefined ? [] : [write(null, found, compareLines([], lines))]),
  ];
};

const diffPresent = (want: Desired, found: Actual): Finding<ServerOp>[] => {
  const lines = render(want);
  const changes = compareLines(lines, found.lines);
  const findings: Finding<ServerOp>[] = [
    ...(changes.length > 0 || found.lines === undefined ? [write(lines, found, changes)] : []),
    ...(found.include === 'last' ? [] : [include(found, allOf(lines))]),
  ];
  if (findings.length > 0) return findings;
  if (found.broken !== undefined) return [brokenFinding(found, found.broken)];
  const overridden = overriddenIn(parametersOf(want), found.effective ?? {});
  return overridden.length > 0 ? [refuseOverridden(overridden)] : [];
};

const NOTHING: Actual = { include: 'missing', shares: [] };

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<ServerOp>[] => {
  const found = actual.is === 'present' ? actual.value : NOTHING;
  return want.ensure === 'absent' ? diffAbsent(found) : diffPresent(want, found);
};
