/** What is live. A failed read is `unknown`, never `absent`: the difference is somebody's data. */
export type Present<A> = { readonly is: 'present'; readonly value: A };
export type Absent = { readonly is: 'absent' };
export type Unknown = { readonly is: 'unknown'; readonly reason: string };

/** A reading that may be compared. The engine stops at unknown ones before any diff is asked. */
export type Known<A> = Present<A> | Absent;
export type Reading<A> = Known<A> | Unknown;

export const present = <A>(value: A): Present<A> => ({ is: 'present', value });
export const absent: Absent = { is: 'absent' };
export const unknown = (reason: string): Unknown => ({ is: 'unknown', reason });

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Reads each resource by itself, so that one that cannot be read leaves the others readable.
 * For kinds whose state is in files; shared reads (facts) are taken before and closed over.
 */
export const readEach = <D, A>(
  desired: readonly D[],
  key: (desired: D) => string,
  read: (desired: D) => Reading<A>,
): ReadonlyMap<string, Reading<A>> => {
  const readings = new Map<string, Reading<A>>();
  for (const one of desired) {
    try {
      readings.set(key(one), read(one));
    } catch (error) {
      readings.set(key(one), unknown(reasonOf(error)));
    }
  }
  return readings;
};
