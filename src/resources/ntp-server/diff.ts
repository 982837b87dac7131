import { isAction, type Action, type Debt, type Finding } from '../../engine/action.ts';
import type { Known } from '../../engine/reading.ts';
import { diffOwnFile, type OwnFile } from '../../facts/own-file.ts';
import { hasSwitchedOff, usesDefaultPool, withDefaultPool } from './default-pool.ts';
import type { Chronyd } from './facts.ts';
import { linesWithout, renderSettings, renderSources } from './render.ts';
import { MAIN, SETTINGS, SOURCES, type Desired, type NtpOp } from './schema.ts';

export interface Actual {
  readonly sources?: OwnFile;
  readonly settings?: OwnFile;
  /** The distribution's own file. */
  readonly main?: string;
  /** Not there while chronyd does not run. */
  readonly live?: Chronyd;
}

const RELOAD: Debt = {
  kind: 'NtpServer',
  does: { op: 'reload-sources' },
  description: 'let chronyd read its sources again',
  risk: 'safe',
};
const RESTART: Debt = {
  kind: 'SystemdUnit',
  does: { op: 'restart', unit: 'chrony.service' } as Debt['does'],
  description: 'restart chrony.service',
  // it steps no clock that it has just set, and whoever asks it for the time asks again
  risk: 'safe',
};

const defaultPool = (text: string, used: boolean): Action<NtpOp> => ({
  does: { op: 'default-pool', used },
  description: `${used ? 'use the servers of the distribution in' : 'take the servers of the distribution out of'} ${MAIN}`,
  risk: 'safe',
  changes: [{ path: MAIN, from: text, to: withDefaultPool(text, used), as: 'text' }],
  undo: { by: { op: 'default-pool', used: !used } },
  owes: [RESTART],
});

/** What an operator has taken out himself stays out: only what we have commented out comes back. */
const diffMain = (want: Desired, main: string): Finding<NtpOp>[] => {
  const used = want.ensure === 'absent' || want.defaultPool;
  if (used) return hasSwitchedOff(main) ? [defaultPool(main, true)] : [];
  return usesDefaultPool(main) ? [defaultPool(main, false)] : [];
};

/** Persisted and not in effect: somebody has taken them out of the running daemon, or a reload came to nothing. */
const diffLive = (want: Desired, live: Chronyd): Finding<NtpOp>[] => {
  const missing = linesWithout(renderSources(want) ?? '', live.sources);
  if (missing.length > 0)
    return [
      {
        does: { op: 'add-sources', lines: missing },
        description: `give chronyd the sources that it does not have: ${missing.join('; ')}`,
        risk: 'safe',
        changes: [{ path: 'live', from: live.sources, to: [...live.sources, ...missing] }],
        undo: { none: 'it brings into effect what the files say' },
      },
    ];
  return live.synchronised
    ? []
    : [{ remarks: 'the clock is not synchronised (yet): no server answers; see `chronyc -N sources -a`' }];
};

/** The write of our sources brings them in by itself; where only other files change, what is missing live stays missing. */
const isLiveSettled = (findings: readonly Finding<NtpOp>[]): boolean =>
  findings.some(
    (finding) => isAction(finding) && finding.does.op === 'write' && finding.does.path === SOURCES,
  );

export const diff = (want: Desired, actual: Known<Actual>): readonly Finding<NtpOp>[] => {
  const found: Actual = actual.is === 'present' ? actual.value : {};
  const findings: Finding<NtpOp>[] = [
    ...diffOwnFile({ path: SOURCES, text: renderSources(want), risk: 'safe', owes: [RELOAD] }, found.sources),
    ...diffOwnFile(
      { path: SETTINGS, text: renderSettings(want), risk: 'safe', owes: [RESTART] },
      found.settings,
    ),
    ...diffMain(want, found.main ?? ''),
  ];
  if (want.ensure === 'absent' || found.live === undefined || isLiveSettled(findings)) return findings;
  return [...findings, ...diffLive(want, found.live)];
};
