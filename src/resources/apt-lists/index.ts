import { z } from 'zod';
import { present } from '../../engine/reading.ts';
import { defineResource } from '../../engine/resource-type.ts';
import { updateStrictly } from '../../facts/apt/run.ts';
import type { HostReader } from '../../host/host.ts';

const KEY = 'system';
/** Touched when all lists have been fetched: by us and Ansible, and by apt's own daily job. */
const OURS = '/var/lib/apt/periodic/update-success-stamp';
const STAMPS = [OURS, '/var/lib/apt/periodic/update-stamp'];

const HOURS = { h: 1, d: 24, w: 168 } as const;

const desired = z.strictObject({
  maxAge: z
    .string()
    .regex(/^[1-9]\d{0,3}[hdw]$/, 'expected a time such as 12h, 1d or 1w')
    .default('1d')
    .meta({ description: 'how old the lists may be before they are fetched again, in hours, days or weeks' }),
});
type Desired = z.output<typeof desired>;

const ops = z.discriminatedUnion('op', [z.strictObject({ op: z.literal('update') })]);

interface Actual {
  /** ISO 8601; undefined if nothing says that they have ever been fetched. */
  readonly fetched?: string;
  readonly stale: boolean;
}

const milliseconds = ({ maxAge }: Desired): number =>
  Number.parseInt(maxAge, 10) * HOURS[maxAge.at(-1) as keyof typeof HOURS] * 3_600_000;

const actualOf = (host: HostReader, want: Desired): Actual => {
  const times = STAMPS.flatMap((path) => host.lstat(path)?.modified ?? []);
  if (times.length === 0) return { stale: true };
  const newest = Math.max(...times);
  return { fetched: new Date(newest).toISOString(), stale: Date.now() - newest > milliseconds(want) };
};

export default defineResource({
  kind: 'AptLists',
  summary:
    'How old the package lists of apt may be. Older ones are fetched again, of all sources; if one of them cannot be fetched, it has failed, and the next run tries again.',
  desired,
  ops,
  examples: [{ maxAge: '1d' }],

  key: () => KEY,

  read: (host, all) => new Map(all.map((want) => [KEY, present<Actual>(actualOf(host, want))])),

  diff(want, actual) {
    const { fetched, stale } = actual.is === 'present' ? actual.value : { stale: true };
    if (!stale) return [];
    return [
      {
        does: { op: 'update' },
        description: `fetch the package lists again, which are older than ${want.maxAge}`,
        risk: 'safe',
        changes: [{ path: 'fetched', from: fetched ?? null, to: `within ${want.maxAge}` }],
        undo: { none: 'newer lists do no harm' },
      },
    ];
  },

  async converge(_op, host) {
    await updateStrictly(host);
    await host.run({ program: 'touch', args: [OURS] });
  },
});
