/** What of several ops that were carried out together failed, by the key of the resource; the others were done. */
export class SomeFailed extends Error {
  readonly reasons: ReadonlyMap<string, string>;

  constructor(reasons: ReadonlyMap<string, string>, cause?: unknown) {
    super([...reasons].map(([key, reason]) => `${key}: ${reason}`).join('\n'), { cause });
    this.name = 'SomeFailed';
    this.reasons = reasons;
  }
}
