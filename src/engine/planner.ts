import type { HostReader } from '../host/host.ts';
import type { Catalog, Resource } from './catalog.ts';
import { grouped } from './grouped.ts';
import {
  assess,
  awaitedBy,
  type Assessment,
  type Awaited,
  type OwedDebt,
  type Plan,
  type PlannedResource,
  type RemarkedResource,
} from './plan.ts';
import { reasonOf, unknown, type Reading } from './reading.ts';
import type { AnyResourceType, Ref } from './resource-type.ts';

export type Types = ReadonlyMap<string, AnyResourceType>;

export const typeOf = (types: Types, kind: string): AnyResourceType => {
  const type = types.get(kind);
  if (type === undefined) throw new Error(`no such kind: ${kind}`);
  return type;
};

/** One read for all resources of one kind. If it throws, none of them is known. */
const readKind = async (
  type: AnyResourceType,
  resources: readonly Resource[],
  whole: readonly Resource[],
  host: HostReader,
): Promise<Map<Ref, Reading<unknown>>> => {
  const readings = new Map<Ref, Reading<unknown>>();
  try {
    const found = await type.read(
      host,
      resources.map(({ desired }) => desired),
      whole.map(({ desired }) => desired),
    );
    for (const { ref, desired } of resources) {
      const reading = found.get(type.key(desired));
      if (reading !== undefined) readings.set(ref, reading);
    }
  } catch (error) {
    for (const { ref } of resources) readings.set(ref, unknown(reasonOf(error)));
  }
  return readings;
};

/** How resources stand now, by one read a kind, all kinds at once. `whole` is the catalog that they are of. */
export const assessAll = async (
  resources: readonly Resource[],
  types: Types,
  host: HostReader,
  whole: readonly Resource[] = resources,
  differs: () => void = () => undefined,
): Promise<Map<Ref, Assessment>> => {
  const assessments = new Map<Ref, Assessment>();
  await Promise.all(
    [...grouped(resources, ({ kind }) => kind)].map(async ([kind, group]) => {
      const ofKind = whole.filter((one) => one.kind === kind);
      const type = typeOf(types, kind);
      const readings = await readKind(type, type.readsWhole ? ofKind : group, ofKind, host);
      for (const one of group) assessments.set(one.ref, assess(one, type, readings.get(one.ref)));
      if (group.some(({ ref }) => assessments.get(ref)?.is === 'drift')) differs();
    }),
  );
  return assessments;
};

/**
 * The plan. Takes a reader only: a check cannot change anything, because it has nothing to change it with. `differs` is
 * called for each kind of which something is to be done, as soon as that is known: others may still be read.
 */
export const makePlan = async (
  catalog: Catalog,
  types: Types,
  host: HostReader,
  owed: readonly OwedDebt[] = [],
  differs?: () => void,
): Promise<Plan> => {
  const assessments = await assessAll(catalog.resources, types, host, catalog.resources, differs);
  const resources: PlannedResource[] = [];
  const remarked: RemarkedResource[] = [];
  const reboot: Awaited[] = [];
  for (const { ref, step } of catalog.resources) {
    const assessment = assessments.get(ref);
    if (assessment === undefined) continue;
    reboot.push(...awaitedBy(ref, assessment));
    if (assessment.is !== 'in sync') resources.push({ ref, step, ...assessment });
    else if (assessment.remarks !== undefined) remarked.push({ ref, remarks: assessment.remarks });
  }
  const inSync = catalog.resources.length - resources.length;
  return {
    resources,
    inSync,
    ...(remarked.length === 0 ? {} : { remarked }),
    owed,
    ...(reboot.length === 0 ? {} : { reboot }),
  };
};
