/** `phoenix adopt`: a manifest of what is live, of which is known that it checks clean. */
import type { AnyResourceType } from '../../engine/resource-type.ts';
import type { HostReader } from '../../host/host.ts';
import { kinds } from '../../resources/index.ts';
import type { StepContext } from '../step.ts';
import { STEPS } from '../steps.ts';
import { listAll, type LeftOut, type Live } from './candidate.ts';
import { group } from './group.ts';
import { judge } from './judge.ts';

export interface Adopted {
  readonly manifest: Readonly<Record<string, unknown>>;
  /** What each section is about. */
  readonly about: Readonly<Record<string, string>>;
  /** How many resources are in it. */
  readonly count: number;
  readonly leftOut: readonly LeftOut[];
  readonly unreadable: Live['unreadable'];
  readonly unlisted: Live['unlisted'];
}

const ABOUT: Readonly<Record<string, string>> = Object.fromEntries(
  STEPS.map(({ section, schema }) => [section, schema.meta()?.description ?? '']),
);

/**
 * Lists, groups, and checks what comes out; what would not be in sync is taken out until nothing is left to take out.
 * Each round takes something out, so it ends.
 */
export const adopt = async (
  host: HostReader,
  context: StepContext,
  all: readonly AnyResourceType[] = kinds.map(({ type }) => type),
): Promise<Adopted> => {
  const types = new Map(all.map((type) => [type.kind, type]));
  const { candidates, leftOut: secret, ...rest } = await listAll(all, host);
  let kept = candidates;
  const leftOut: LeftOut[] = [...secret];
  const without = new Set<string>();
  for (;;) {
    const grouped = group(kept, without);
    const { leaveOut, dissolve } = await judge(grouped, types, host, context);
    if (leaveOut.size === 0 && dissolve.size === 0)
      return { manifest: grouped.manifest, about: ABOUT, count: kept.length, leftOut, ...rest };
    for (const section of dissolve) without.add(section);
    for (const [candidate, why] of leaveOut) leftOut.push({ ...candidate, why });
    kept = kept.filter((one) => !leaveOut.has(one));
  }
};
