import type { Action, Change, Finding } from '../../../engine/action.ts';
import { lockOuts } from '../access/lock-out.ts';
import type { Nftables } from '../read.ts';
import { chainsOf } from '../ruleset.ts';
import type { Desired, FirewallOp } from '../schema.ts';
import { isPlain, keptOf, shownMeta, type Stored } from '../stored.ts';
import { ENABLED, RULES, UNIT, UNIT_NAME, UNIT_TEXT } from './files.ts';
import { fileText, wantedTable } from './table.ts';

type FilesOf = Extract<FirewallOp, { op: 'restore' }>['files'];

const RULE_FILES = ({ rules }: Nftables): FilesOf => ({ [RULES]: keptOf(rules) });
const UNIT_FILES = ({ unit, enabled }: Nftables): FilesOf => ({
  [UNIT]: keptOf(unit),
  [ENABLED]: keptOf(enabled),
});

const fileChange = (path: string, stored: Stored | undefined, to: string): Change[] => {
  if (stored !== undefined && stored.text === to)
    return isPlain(stored) ? [] : [{ path: `${path} mode`, from: shownMeta(stored), to: '0644 0:0' }];
  return [{ path, from: stored?.text ?? '', to, as: 'text' }];
};

const liveChange = ({ live }: Nftables, to: string): Change[] =>
  live?.text === to ? [] : [{ path: 'live', from: live?.text ?? '', to, as: 'text' }];

const live = (found: Nftables): string | null => found.live?.restorable ?? null;

/** What is asked of the file follows from what is asked of the kernel, so one is enough to look at. */
const shorter = (changes: readonly Change[]): Change[] =>
  changes.length < 2
    ? [...changes]
    : changes.map((one) =>
        one.path === RULES ? { path: RULES, from: 'other rules', to: 'these rules' } : one,
      );

const apply = (found: Nftables, text: string, changes: readonly Change[]): Action<FirewallOp> => ({
  does: { op: 'apply', text },
  description: `put the rules in force, as table inet phoenix and in ${RULES}`,
  risk: 'disruptive',
  changes: shorter(changes),
  undo: { by: { op: 'restore', files: RULE_FILES(found), live: live(found) } },
  cutsOff: 'firewall',
});

const loadAtBoot = (found: Nftables, changes: readonly Change[]): Action<FirewallOp> => ({
  does: { op: 'load-at-boot' },
  description: `let ${UNIT_NAME} load the rules at boot`,
  risk: 'disruptive',
  changes,
  undo: { by: { op: 'restore', files: UNIT_FILES(found) } },
  cutsOff: 'firewall',
});

const remove = (found: Nftables): Action<FirewallOp> => ({
  does: { op: 'remove' },
  description: `remove table inet phoenix, ${RULES} and ${UNIT_NAME}; nothing is filtered by phoenix any more`,
  risk: 'disruptive',
  changes: [
    ...liveChange(found, ''),
    ...(found.rules === undefined ? [] : fileChange(RULES, found.rules, '')),
    ...(found.unit === undefined ? [] : fileChange(UNIT, found.unit, '')),
    ...(found.enabled === undefined ? [] : [{ path: 'at boot', from: 'enabled', to: 'disabled' }]),
  ].filter(({ from, to }) => from !== to),
  undo: { by: { op: 'restore', files: { ...RULE_FILES(found), ...UNIT_FILES(found) }, live: live(found) } },
  cutsOff: 'firewall',
});

const hasOurs = ({ rules, unit, enabled, live: table }: Nftables): boolean =>
  [rules, unit, enabled, table].some((one) => one !== undefined);

const bootChanges = ({ unit, enabled }: Nftables): Change[] => [
  ...fileChange(UNIT, unit, UNIT_TEXT),
  ...(enabled === undefined ? [{ path: 'at boot', from: 'disabled', to: 'enabled' }] : []),
];

export const diffNftables = (want: Desired, found: Nftables): Finding<FirewallOp>[] => {
  if (!want.enabled) return hasOurs(found) ? [remove(found)] : [];
  const chains = chainsOf(want);
  const changes = [
    ...liveChange(found, wantedTable(chains)),
    ...fileChange(RULES, found.rules, fileText(chains)),
  ];
  const boot = bootChanges(found);
  const actions = [
    ...(changes.length === 0 ? [] : [apply(found, fileText(chains), changes)]),
    ...(boot.length === 0 ? [] : [loadAtBoot(found, boot)]),
  ];
  const cut = actions.length === 0 ? [] : lockOuts(want, chains, found.access);
  return cut.length === 0 ? actions : cut.map((refuses) => ({ refuses, changes }));
};
