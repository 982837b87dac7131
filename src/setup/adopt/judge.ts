/** Holds a manifest that was made of what is live against the host: what in it would not check clean, and why. */
import type { Resource } from '../../engine/catalog.ts';
import type { PlannedResource } from '../../engine/plan.ts';
import { makePlan, type Types } from '../../engine/planner.ts';
import type { HostReader } from '../../host/host.ts';
import { compile } from '../compile.ts';
import { manifestSchema } from '../manifest-schema.ts';
import type { StepContext } from '../step.ts';
import type { Candidate } from './candidate.ts';
import type { Grouped, Placed } from './group.ts';

export interface Verdict {
  readonly leaveOut: ReadonlyMap<Candidate, string>;
  /** Sections that bring along something which is not so on this host, such as a daemon that is to run. */
  readonly dissolve: ReadonlySet<string>;
}

interface Fault {
  readonly at: readonly PropertyKey[];
  readonly why: string;
}

/** Nothing that is listed names a file. */
const NO_PAYLOAD = {
  text: (path: string): string => {
    throw new Error(`${path}: nothing that is live is a file beside the manifest`);
  },
};

const isPrefix = (prefix: readonly PropertyKey[], path: readonly PropertyKey[]): boolean =>
  prefix.every((key, index) => key === path[index]);

/** The innermost one that the fault is in. */
const culprit = (placed: readonly Placed[], at: readonly PropertyKey[]): Candidate | undefined =>
  placed
    .filter((one) => isPrefix(one.at, at))
    .toSorted((a, b) => a.at.length - b.at.length)
    .at(-1)?.candidate;

const whyNot = (planned: PlannedResource): string => {
  switch (planned.is) {
    case 'unknown':
      return planned.reason;
    case 'refused':
      return planned.refusals.map(({ refuses }) => refuses).join('; ');
    case 'drift':
      return `phoenix would ${planned.actions.map(({ description }) => description).join('; ')}`;
  }
};

const faultsOfManifest = (
  { manifest }: Grouped,
  context: StepContext,
): { readonly faults: readonly Fault[] } | { readonly resources: ReturnType<typeof compile>['catalog'] } => {
  const parsed = manifestSchema.safeParse(manifest);
  if (!parsed.success)
    return { faults: parsed.error.issues.map(({ path, message }) => ({ at: path, why: message })) };
  const payload = { ...NO_PAYLOAD, shipped: NO_PAYLOAD.text };
  const { catalog, problems } = compile(parsed.data, context, payload);
  if (problems.length === 0) return { resources: catalog };
  return { faults: problems.map(({ at, message }) => ({ at, why: message })) };
};

const verdictOn = (
  faults: readonly { readonly section: string; readonly own: Candidate | undefined; readonly why: string }[],
): Verdict => {
  const leaveOut = new Map<Candidate, string>();
  const dissolve = new Set<string>();
  for (const { section, own, why } of faults)
    if (own !== undefined) leaveOut.set(own, leaveOut.get(own) ?? why);
    else if (section !== 'resources') dissolve.add(section);
    else throw new Error(`what is live makes a manifest that is wrong as a whole: ${why}`);
  return { leaveOut, dissolve };
};

/** An empty verdict: it is valid, and checks clean. */
export const judge = async (
  grouped: Grouped,
  types: Types,
  host: HostReader,
  context: StepContext,
): Promise<Verdict> => {
  const compiled = faultsOfManifest(grouped, context);
  if ('faults' in compiled)
    return verdictOn(
      compiled.faults.map(({ at, why }) => ({
        section: String(at[0]),
        own: culprit(grouped.placed, at),
        why,
      })),
    );
  const plan = await makePlan(compiled.resources, types, host);
  const declared = new Map(compiled.resources.resources.map((one): [string, Resource] => [one.ref, one]));
  const owners = new Map(grouped.placed.map(({ candidate }) => [candidate.ref, candidate]));
  return verdictOn(
    plan.resources.map((planned) => ({
      section: String(declared.get(planned.ref)?.at[0]),
      own: owners.get(planned.ref),
      why: whyNot(planned),
    })),
  );
};
