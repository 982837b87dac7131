import type { z } from 'zod';
import type { Host, HostReader, PayloadReader } from '../host/host.ts';
import type { Finding, Op } from './action.ts';
import type { Known, Reading } from './reading.ts';

/** How a resource is named everywhere: `ZfsPool[tank]`. */
export type Ref = `${string}[${string}]`;

export const refOf = (kind: string, key: string): Ref => `${kind}[${key}]`;

/**
 * One kind of thing on the host; the only interface that a contributor implements.
 *
 * Read, decide and act are three functions, and only `converge` has effects.
 */
export interface ResourceType<S extends z.ZodObject, Actual, O extends Op> {
  readonly kind: string;
  /** One or two sentences; also says what this kind will NOT change. */
  readonly summary: string;
  /** Every field has a description; defaults are the safe ones. */
  readonly desired: S;
  /** A discriminated union on `op`. Every op is parsed with it before `converge` sees it. */
  readonly ops: z.ZodType<O>;
  /** Shown in the reference page, run by the contract test. */
  readonly examples: readonly z.input<S>[];

  /** Unique within the kind: a path, a name. */
  key(desired: z.output<S>): string;

  /**
   * What must converge before, as far as the manifest declares it: names that are not in the catalog are
   * ignored, so a file may always name its owner. (What an operator writes under `requires` must exist.)
   */
  requires?(desired: z.output<S>): readonly Ref[];

  /**
   * What only one resource may manage, whatever its kind: `path:/etc/motd`. Two owners are a manifest error. Several may
   * have a part each of one file, `part:/etc/hosts#block`, and then nobody the whole.
   */
  owns?(desired: z.output<S>): readonly string[];

  /** Other kinds that pay what its actions owe, so that they are there when it comes to that. */
  readonly owesTo?: readonly string[];

  /** Takes the content of files named in the manifest into the desired state, when the manifest is compiled. */
  resolve?(desired: z.output<S>, payload: PayloadReader): z.output<S>;

  /**
   * Reads. One call for all instances: cost grows with the number of kinds, not of resources. Each desired
   * resource gets a reading under its key; one that is missing from the map, and all of them if this throws,
   * count as unknown. `whole` is all that the catalog has of the kind, for kinds whose resources are judged by each
   * other: only `desired` is asked for.
   */
  read(
    host: HostReader,
    desired: readonly z.output<S>[],
    whole?: readonly z.output<S>[],
  ): Promise<ReadonlyMap<string, Reading<Actual>>> | ReadonlyMap<string, Reading<Actual>>;

  /**
   * Set where resources of the kind are judged by each other and are cheap to read: whenever one of them is read, all
   * that the catalog has of the kind are.
   */
  readonly readsWhole?: boolean;

  /** Decides. Pure and synchronous. An empty list means in sync; both sides are normalised before they are compared. */
  diff(desired: z.output<S>, actual: Known<Actual>): readonly Finding<O>[];

  /** Acts. Carries out one op and nothing else; throws if it could not. */
  converge(op: O, host: Host): Promise<void>;

  /**
   * For kinds whose tool takes many at once (one apt transaction): carries out ops of adjacent resources together.
   * Each is verified by itself afterwards. `SomeFailed` tells whose failure it is.
   */
  convergeTogether?(ops: readonly O[], host: Host): Promise<void>;

  /**
   * Set where `convergeTogether` also takes back, and then orders what waits for one another by itself: two masked units of
   * systemd, each of which needs the other, are both unmasked before either is started.
   */
  readonly takesBackTogether?: boolean;

  /** What is live, as manifest entries: those that an operator would want to manage. */
  list?(host: HostReader): Promise<readonly z.input<S>[]>;
}

export const defineResource = <const S extends z.ZodObject, Actual, O extends Op>(
  type: ResourceType<S, Actual, O>,
): ResourceType<S, Actual, O> => type;

/** A kind as the engine sees it: the type parameters are erased here, and nowhere else. */
export type AnyResourceType = ResourceType<z.ZodObject, unknown, Op>;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the one place where kinds lose their own types
export const erase = (type: ResourceType<any, any, any>): AnyResourceType => type as AnyResourceType;

/**
 * An op as its kind takes it; throws if it is none of the kind's. A schema is made ready for the thousands of resources of a
 * manifest by compiling it: for a single op that takes longer than it saves.
 */
export const opOf = ({ ops }: AnyResourceType, does: unknown): Op => ops.parse(does, { jitless: true });
