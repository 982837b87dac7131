import type { Action, Change, Finding, Refusal, Risk } from '../../../engine/action.ts';
import { hostsFile, zoneFile } from '../../../facts/dnsmasq/files.ts';
import { markIn } from '../../../facts/dnsmasq/mark.ts';
import { textChange, refuseForeign } from '../findings.ts';
import type { Answers } from '../questions.ts';
import { zoneOf } from '../resolved.ts';
import type { Desired, ZoneOp } from '../schema.ts';
import { dnsmasqExpects, type Expected } from './questions.ts';
import type { Dnsmasq } from './read.ts';
import { render, type Texts } from './render.ts';

const linesOf = (text: string | undefined): string[] => (text ?? '').split('\n');

/** Nobody notices a name that is new; one that changes or goes somebody may use. */
const loses = (from: string | undefined, to: string | undefined): boolean => {
  const kept = new Set(linesOf(to));
  return linesOf(from).some((line) => !kept.has(line));
};

const verbOf = (to: Texts | null, { conf, hosts }: Dnsmasq): string => {
  if (to === null) return 'remove';
  return conf === undefined && hosts === undefined ? 'add' : 'change';
};

/** As risky whether dnsmasq runs or not: an earlier step of the same run may start it. */
const riskOf = ({ conf, hosts }: Dnsmasq, to: Texts | null): Risk =>
  conf !== to?.conf || loses(hosts, to?.hosts) ? 'disruptive' : 'safe';

const effectOf = ({ runs, conf }: Dnsmasq, to: Texts | null): string => {
  if (!runs) return '';
  return conf === to?.conf ? ', and let dnsmasq read it again' : ', and restart dnsmasq';
};

const write = (want: Desired, found: Dnsmasq, to: Texts | null): Action<ZoneOp> => {
  const zone = zoneOf(want);
  return {
    does: { op: 'write', zone, conf: to?.conf ?? null, hosts: to?.hosts ?? null },
    description: `${verbOf(to, found)} zone ${zone}${effectOf(found, to)}`,
    risk: riskOf(found, to),
    changes: [
      ...textChange(zoneFile(zone), found.conf, to?.conf),
      ...textChange(hostsFile(zone), found.hosts, to?.hosts),
    ],
    undo: { by: { op: 'write', zone, conf: found.conf ?? null, hosts: found.hosts ?? null } },
  };
};

const restart = (zone: string, from: string | null, to: string | undefined): Action<ZoneOp> => ({
  does: { op: 'restart' },
  description: `restart dnsmasq: it does not use what is in ${zoneFile(zone)}`,
  risk: 'disruptive',
  changes: [{ path: 'zone in use', from: from ?? 'none of ours', to }],
  undo: { again: 'dnsmasq reads its configuration when it starts' },
});

const reload = (zone: string, changes: readonly Change[]): Action<ZoneOp> => ({
  does: { op: 'reload' },
  description: `let dnsmasq read ${hostsFile(zone)} again`,
  risk: 'safe',
  changes,
  undo: { none: 'what it answered before was not in the file' },
});

const refuseOtherwise = (zone: string, changes: readonly Change[]): Refusal => ({
  refuses:
    `dnsmasq uses what is in ${zoneFile(zone)} and answers otherwise, so something else sets it: ` +
    'look for the names in /etc/default/dnsmasq, and in files that dnsmasq.conf includes',
  changes,
});

const isAnswered = ({ records, derived }: Expected, said: readonly string[], zone: string): boolean => {
  if (!derived) return said.join('\n') === records.join('\n');
  // The address may be in another zone too, whose name is right as well.
  const [name] = said;
  return name !== undefined && (records.includes(name) || !name.endsWith(`.${zone}`));
};

const answerChanges = (
  want: Desired,
  answers: Answers,
): { readonly change: Change; readonly reloadable: boolean }[] =>
  dnsmasqExpects(want).flatMap((expected) => {
    const question = `${expected.name} ${expected.type}`;
    const said = answers[question] ?? [];
    return isAnswered(expected, said, zoneOf(want))
      ? []
      : [
          {
            change: {
              path: `answer to ${question}`,
              from: said.join(', ') || 'none',
              to: expected.records.join(', '),
            },
            reloadable: expected.reloadable,
          },
        ];
  });

const diffAnswers = (want: Desired, says: NonNullable<Dnsmasq['says']>): Finding<ZoneOp>[] => {
  const zone = zoneOf(want);
  const mark = markIn(render(want).conf);
  if (says.mark !== mark) return [restart(zone, says.mark, mark)];
  const all = answerChanges(want, says.answers);
  const changes = all.map(({ change }) => change);
  if (changes.length === 0) return [];
  return all.every(({ reloadable }) => reloadable)
    ? [reload(zone, changes)]
    : [refuseOtherwise(zone, changes)];
};

export const diffDnsmasq = (want: Desired, found: Dnsmasq): readonly Finding<ZoneOp>[] => {
  if (want.ensure === 'absent')
    return found.conf === undefined && found.hosts === undefined ? [] : [write(want, found, null)];
  if (found.foreign.length > 0) return [refuseForeign(zoneOf(want), found.foreign)];
  const texts = render(want);
  if (found.conf !== texts.conf || found.hosts !== texts.hosts) return [write(want, found, texts)];
  return found.says === undefined ? [] : diffAnswers(want, found.says);
};
