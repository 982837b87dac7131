/** What is live, one by one: what may become part of the manifest, and what may not, with the reason. */
import { reasonOf } from '../../engine/reading.ts';
import { refOf, type AnyResourceType, type Ref } from '../../engine/resource-type.ts';
import type { HostReader } from '../../host/host.ts';
import { mayTellSecret } from './may-tell-secret.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Candidate {
  readonly kind: string;
  readonly ref: Ref;
  readonly entry: Fields;
}

/** Something that is live and not in the manifest. Without an entry its fields are not to be shown. */
export interface LeftOut {
  readonly kind: string;
  readonly ref: Ref;
  readonly entry?: Fields;
  readonly why: string;
}

export interface Live {
  readonly candidates: readonly Candidate[];
  readonly leftOut: readonly LeftOut[];
  /** Kinds that could not be listed, with the reason. */
  readonly unreadable: readonly { readonly kind: string; readonly why: string }[];
  /** Kinds of which nothing can be listed. */
  readonly unlisted: readonly string[];
}

const SECRET = 'it has what looks like a secret; a manifest has none in it, only where they are';

const listOf = async (
  type: AnyResourceType,
  host: HostReader,
): Promise<{ readonly entries: readonly Fields[] } | { readonly why: string }> => {
  try {
    return { entries: (await type.list?.(host)) ?? [] };
  } catch (error) {
    return { why: reasonOf(error) };
  }
};

/** One kind that cannot be read hides no other. */
export const listAll = async (types: readonly AnyResourceType[], host: HostReader): Promise<Live> => {
  const candidates: Candidate[] = [];
  const leftOut: LeftOut[] = [];
  const unreadable: { kind: string; why: string }[] = [];
  const able = types.filter((type) => type.list !== undefined);
  const unable = types.filter((type) => type.list === undefined);
  for (const type of able) {
    const { kind } = type;
    const listed = await listOf(type, host);
    if ('why' in listed) {
      unreadable.push({ kind, why: listed.why });
      continue;
    }
    for (const entry of listed.entries) {
      const ref = refOf(kind, type.key(type.desired.parse(entry)));
      if (mayTellSecret(entry)) leftOut.push({ kind, ref, why: SECRET });
      else candidates.push({ kind, ref, entry });
    }
  }
  return { candidates, leftOut, unreadable, unlisted: unable.map(({ kind }) => kind) };
};
