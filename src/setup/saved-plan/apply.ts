/** Exactly that plan: once, in time, and only while what it read is unchanged. */
import type { Plan } from '../../engine/plan.ts';
import type { JournalFile } from '../../host/journal-file.ts';
import { debtId } from '../../engine/journal.ts';
import { markUsed, usedBy } from '../../host/used-plans.ts';
import { PlanRefused, type Difference } from './refused.ts';
import { catalogHash, fingerprintOf, hostHash, type Now, type OpenedPlan } from './saved-plan.ts';

/** A clock that was set back would make a plan last longer. */
const AHEAD = 60_000;

const timeOf = (at: string): string => at.slice(0, 19).replace('T', ' ');

/** Why it is not the plan of this moment, before anything of the host is looked at. */
const outdated = ({ saved }: OpenedPlan, now: Now): string[] => {
  const { id, at, expires, version, host, manifest, catalog } = saved;
  const used = usedBy(now.state, id);
  if (used !== undefined) return [`run ${used.run} has carried it out at ${timeOf(used.at)} UTC`];
  return [
    ...(host === hostHash() ? [] : ['it was saved on another machine']),
    ...(Date.now() < Date.parse(expires) ? [] : [`it expired at ${timeOf(expires)} UTC`]),
    ...(Date.now() > Date.parse(at) - AHEAD
      ? []
      : [`it was saved at ${timeOf(at)} UTC, which is yet to come`]),
    ...(version === now.version ? [] : [`phoenix ${version} saved it, and this is ${now.version}`]),
    ...(manifest.sha256 === now.sha256
      ? catalog === catalogHash(now.catalog)
        ? []
        : ['a file that the manifest names has changed since']
      : [`${manifest.path} has changed since`]),
  ];
};

const differencesOf = ({ saved }: OpenedPlan, { plan }: Now): Difference[] => {
  const was = new Map(saved.plan.resources.map((one) => [one.ref, one]));
  const now = new Map(plan.resources.map((one) => [one.ref, one]));
  return [...new Set([...was.keys(), ...now.keys()])].flatMap((ref) => {
    const [before, after] = [was.get(ref), now.get(ref)];
    if (after !== undefined && saved.fingerprints[ref] === fingerprintOf(after)) return [];
    return [{ ref, ...(before && { was: before }), ...(after && { now: after }) }];
  });
};

const debtsOf = ({ owed }: Plan): string => JSON.stringify(owed.map(debtId).sort());

/** Throws `PlanRefused`. */
export const mustBeAsSaved = (opened: OpenedPlan, now: Now): void => {
  const reasons = outdated(opened, now);
  const differences = differencesOf(opened, now);
  if (differences.length > 0) reasons.push('the host is not as it was when it was saved');
  if (debtsOf(opened.saved.plan) !== debtsOf(now.plan)) reasons.push('something else is owed than then');
  if (reasons.length > 0) throw new PlanRefused(opened.file, reasons, differences);
};

/** The journal of a run that uses the plan up: that is on the disk before the first action begins. */
export const usingUp = (
  { saved }: OpenedPlan,
  state: string,
  run: string,
  journal: JournalFile,
): JournalFile => {
  let used = false;
  return {
    ...journal,
    begins(...args) {
      if (!used) markUsed(state, saved.id, { run, at: new Date().toISOString(), expires: saved.expires });
      used = true;
      journal.begins(...args);
    },
  };
};
