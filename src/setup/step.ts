import type { z } from 'zod';
import type { Debt } from '../engine/action.ts';
import type { Ref } from '../engine/resource-type.ts';

/** A resource as a section of the manifest names it, before its kind has validated it and filled in defaults. */
export interface Entry {
  readonly kind: string;
  readonly desired: Readonly<Record<string, unknown>>;
  /** Where it stands, from its section on. */
  readonly at: readonly PropertyKey[];
  readonly requires?: readonly Ref[];
  readonly owes?: readonly Debt[];
  /** Named in passing, such as the group of a user: a declaration of its own elsewhere counts instead, and comes here. */
  readonly inPassing?: boolean;
  /** Without these it would fail: those that the manifest declares in a later step come with this one. */
  readonly needs?: readonly Ref[];
}

/** One of the sixteen stages: what its section may say, and which resources that means. */
export interface StepDefinition<S extends z.ZodType = z.ZodType> {
  readonly number: number;
  readonly name: string;
  /** The manifest's key. A section that is absent leaves its step out. Steps of one section share its schema. */
  readonly section: string;
  readonly schema: S;
  /** Pure. `manifest` is the whole of it, for what a section has to know of others. */
  resources(
    section: z.output<S>,
    context: StepContext,
    manifest: Readonly<Record<string, unknown>>,
  ): readonly Entry[];
  readonly afterSuccess?: boolean;
}

/** What a step may know of this installation besides its section. */
export interface StepContext {
  /** The executable that a global `phoenix` is to point to. */
  readonly program: string;
}

export const defineStep = <const S extends z.ZodType>(step: StepDefinition<S>): StepDefinition<S> => step;

/** Leaves out what is not said, so that the kind's own defaults hold. */
export const said = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Entries of one kind, from a list of the section that has the kind's own fields. */
export const entriesOf = (kind: string, list: string, all: readonly object[]): Entry[] =>
  all.map((desired, index) => ({ kind, desired: said({ ...desired }), at: [list, index] }));
