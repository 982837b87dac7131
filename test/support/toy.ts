/** A kind that is simple enough to think about, and a run around it, for tests of the engine. */
import { z } from 'zod';
import type { Finding, Grant, Risk } from '../../src/engine/action.ts';
import type { Catalog, Resource, Step } from '../../src/engine/catalog.ts';
import type { RunEvent } from '../../src/engine/events.ts';
import type { Consent } from '../../src/engine/gate.ts';
import { debtId, type DebtBook, type Journal } from '../../src/engine/journal.ts';
import { risksOf, type OwedDebt } from '../../src/engine/plan.ts';
import { makePlan, type Types } from '../../src/engine/planner.ts';
import { absent, present, unknown, type Reading } from '../../src/engine/reading.ts';
import {
  defineResource,
  erase,
  refOf,
  type AnyResourceType,
  type Ref,
} from '../../src/engine/resource-type.ts';
import type { Run } from '../../src/engine/run.ts';
import { SomeFailed } from '../../src/engine/some-failed.ts';
import type { ArmedChange, Verdict, WayBack } from '../../src/engine/way-back.ts';
import type { Host, Note, NotedHost } from '../../src/host/host.ts';
import { converge } from '../../src/engine/converger.ts';

/** A world of named values; what is done to it is written down. */
export class World {
  readonly values = new Map<string, string>();
  readonly unreadable = new Set<string>();
  readonly refused = new Set<string>();
  readonly failing = new Set<string>();
  /** Of those that are put together, whose failure is told apart, and why. */
  readonly blamed = new Map<string, string>();
  /** Values that do not stick. */
  readonly slippery = new Set<string>();
  readonly risks = new Map<string, Risk>();
  readonly needs = new Map<string, Grant>();
  readonly cutOff = new Set<string>();
  readonly remarks = new Map<string, string[]>();
  /** What is noted when one is put or restarted: texts, with the key that they are of. */
  readonly notes = new Map<string, [text: string, key?: string]>();
  readonly done: string[] = [];
  readonly reads: string[][] = [];
  readonly wholes: string[][] = [];
}

const desired = z.strictObject({
  name: z.string().meta({ description: 'name' }),
  value: z.string().meta({ description: 'value' }),
});
const ops = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('put'), name: z.string(), value: z.string() }),
  z.strictObject({ op: z.literal('restart'), unit: z.string() }),
]);
type ToyOp = z.output<typeof ops>;

const reading = (world: World, name: string): Reading<string> => {
  if (world.unreadable.has(name)) return unknown(`${name} cannot be read`);
  const value = world.values.get(name);
  return value === undefined ? absent : present(value);
};

const carryOut = (world: World, op: ToyOp, host: Host): void => {
  const subject = op.op === 'put' ? op.name : op.unit;
  world.done.push(`${op.op} ${subject}`);
  host.progress(`${op.op} half of ${subject}`);
  const note = world.notes.get(subject);
  if (note !== undefined) host.note(...note);
  if (world.failing.has(subject)) throw new Error(`${subject} failed`);
  if (op.op === 'put' && !world.slippery.has(op.name)) world.values.set(op.name, op.value);
};

export const toyType = (world: World, together = false, readsWhole = false): AnyResourceType =>
  erase(
    defineResource({
      kind: 'Toy',
      summary: 'A named value.',
      desired,
      ops,
      examples: [{ name: 'a', value: 'b' }],
      key: ({ name }) => name,
      readsWhole,
      read: (_host, all, whole) => {
        world.reads.push(all.map(({ name }) => name));
        world.wholes.push((whole ?? []).map(({ name }) => name));
        return new Map(all.map(({ name }) => [name, reading(world, name)]));
      },
      diff: (want, actual): Finding<ToyOp>[] => {
        if (world.refused.has(want.name)) return [{ refuses: 'not touched', changes: [] }];
        const remarks = world.remarks.get(want.name)?.map((text) => ({ remarks: text })) ?? [];
        const needs = world.needs.get(want.name);
        const live = actual.is === 'present' ? actual.value : null;
        if (live === want.value) return remarks;
        return [
          ...remarks,
          {
            does: { op: 'put', name: want.name, value: want.value },
            description: `put ${want.value}`,
            risk: world.risks.get(want.name) ?? 'safe',
            ...(needs === undefined ? {} : { needs }),
            ...(world.cutOff.has(want.name) ? { cutsOff: 'network' } : {}),
            changes: [{ path: 'value', from: live, to: want.value }],
            undo:
              live === null
                ? { none: 'there was none' }
                : { by: { op: 'put', name: want.name, value: live } },
          },
        ];
      },
      converge: async (op, host) => {
        carryOut(world, op, host);
        await Promise.resolve();
      },
      ...(together
        ? {
            convergeTogether: async (all: readonly ToyOp[], host: Host) => {
              world.done.push(`together ${all.length}`);
              for (const op of all) carryOut(world, op, host);
              if (world.blamed.size > 0) throw new SomeFailed(world.blamed);
              await Promise.resolve();
            },
          }
        : {}),
    }),
  );

export const restartOf = (unit: string) => ({
  kind: 'Toy',
  does: { op: 'restart', unit },
  description: `restart ${unit}`,
  risk: 'disruptive' as const,
});

export const toy = (name: string, more: Partial<Resource> = {}): Resource => ({
  ref: refOf('Toy', name),
  kind: 'Toy',
  step: 'one',
  desired: { name, value: 'wanted' },
  requires: [],
  owes: [],
  at: [name],
  ...more,
});

export const steps = (...names: string[]): Step[] =>
  names.map((name, index) => ({ name, number: index + 1, afterSuccess: name === 'last' }));

export const memoryDebts = (initial: readonly OwedDebt[] = []): DebtBook => {
  let owed = [...initial];
  return {
    get owed() {
      return owed;
    },
    add(debt) {
      if (owed.some((one) => debtId(one) === debtId(debt))) return false;
      owed = [...owed, debt];
      return true;
    },
    remove(debt) {
      owed = owed.filter((one) => debtId(one) !== debtId(debt));
    },
  };
};

export const consent = (more: Partial<Consent> = {}): Consent => ({
  yes: false,
  confirmed: new Set<Ref>(),
  granted: new Set<Grant>(),
  ...more,
});

/** All that the toys use of a host. */
export const notingHost = (): NotedHost => {
  const notes: Note[] = [];
  let watcher: (text: string) => void = () => undefined;
  const host: Pick<NotedHost, 'note' | 'takeNotes' | 'progress' | 'watchedBy' | 'lookAnew'> = {
    lookAnew: () => undefined,
    progress: (text) => {
      watcher(text);
    },
    watchedBy: (given) => {
      watcher = given;
    },
    note: (text, key) => notes.push(key === undefined ? { text } : { text, key }),
    takeNotes: () => notes.splice(0),
  };
  return host as NotedHost;
};

/** Writes down what is armed, and ends every wait in one way. */
export const memoryWayBack = (verdict: Verdict, takenBack?: string): WayBack & { readonly log: string[] } => {
  let armed: readonly ArmedChange[] = [];
  const log: string[] = [];
  return {
    log,
    get armed() {
      return armed;
    },
    async arm(change) {
      log.push(`arm ${change.ref}: ${JSON.stringify(change.undo)}`);
      armed = [...armed, change];
      await Promise.resolve();
    },
    async disarm(change) {
      log.push(`disarm ${change.ref}`);
      armed = armed.filter((one) => one !== change);
      await Promise.resolve();
    },
    async settle(failed) {
      log.push(failed ? 'settle what failed' : 'settle');
      armed = [];
      return await Promise.resolve(verdict);
    },
    takenBackBefore: () => Promise.resolve(takenBack),
  };
};

interface Options {
  readonly catalog: Catalog;
  readonly types: Types;
  readonly consent?: Consent;
  readonly debts?: DebtBook;
  readonly wayBack?: WayBack;
  readonly keepGoing?: boolean;
  readonly exactly?: boolean;
  readonly stoppedBy?: Run['stoppedBy'];
  /** Called between the plan and its carrying out. */
  readonly meanwhile?: () => void;
}

/** Plans and converges; returns the outcomes, the events and what the journal was told. */
export const runToy = async (options: Options) => {
  const host = notingHost();
  const events: RunEvent[] = [];
  const journaled: string[] = [];
  const debts = options.debts ?? memoryDebts();
  const journal: Journal = {
    begins: (ref) => journaled.push(`begins ${ref}`),
    ended: (ref, error) => journaled.push(error === undefined ? `ended ${ref}` : `ended ${ref}: ${error}`),
  };
  const plan = await makePlan(options.catalog, options.types, host, debts.owed);
  options.meanwhile?.();
  const outcomes = await converge({
    catalog: options.catalog,
    stepNames: options.catalog.steps.map(({ name }) => name),
    types: options.types,
    host,
    plan,
    shown: risksOf(plan),
    consent: options.consent ?? consent(),
    journal,
    debts,
    wayBack: options.wayBack ?? memoryWayBack({ is: 'confirmed', by: 'probe' }),
    emit: (event) => events.push(event),
    keepGoing: options.keepGoing ?? false,
    exactly: options.exactly ?? false,
    stoppedBy: options.stoppedBy ?? (() => undefined),
    clock: () => 0,
  });
  const results = Object.fromEntries([
    ...outcomes.resources.map(({ ref, result }) => [ref, result] as const),
    ...outcomes.untouched.flatMap(({ refs }) => refs.map((ref) => [ref, 'in sync'] as const)),
  ]);
  return { plan, outcomes, results, events, journaled, debts };
};
