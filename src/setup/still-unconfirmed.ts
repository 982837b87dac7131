import type { Armed } from '../host/way-back/state.ts';

/** A change of an earlier run waits to be confirmed; another run would build on sand. */
export class StillUnconfirmed extends Error {
  constructor({ run, changes, deadline }: Armed) {
    const names = [...new Set(changes.map(({ ref }) => ref))].join(', ');
    super(
      `run ${run} changed ${names}, and that waits to be confirmed; run \`phoenix confirm\` to keep it, ` +
        `or wait: it is taken back at ${deadline}`,
    );
  }
}
