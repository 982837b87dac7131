import type { Finding } from '../../engine/action.ts';
import { present, unknown, reasonOf, type Known } from '../../engine/reading.ts';
import { defineResource, refOf } from '../../engine/resource-type.ts';
import { shortfallOf, tell, type Shortfall } from './offer.ts';
import { secondsOf } from '../../facts/duration.ts';
import { desired, ops, type Desired, type ReadyOp } from './schema.ts';
import { wait } from './wait.ts';

const KEY = 'nfs-server';

interface Actual {
  readonly shortfall?: Shortfall;
}

const diff = (want: Desired, actual: Known<Actual>): Finding<ReadyOp>[] => {
  const shortfall: Shortfall | undefined =
    actual.is === 'present'
      ? actual.value.shortfall
      : { missing: want.exports.map(({ path, clients }) => `${path} to ${clients.join(', ')}`) };
  if (shortfall === undefined) return [];
  const seconds = secondsOf(want.timeout);
  return [
    {
      does: { op: 'wait', exports: want.exports, seconds },
      description: `wait at most ${want.timeout} until every export is offered (now: ${tell(shortfall)})`,
      risk: 'safe',
      changes: [
        ...(shortfall.server === undefined
          ? []
          : [{ path: 'server', from: shortfall.server, to: 'answers' }]),
        ...(shortfall.missing.length === 0 ? [] : [{ path: 'not offered', from: shortfall.missing, to: [] }]),
      ],
      undo: { none: 'to wait changes nothing' },
    },
  ];
};

export default defineResource({
  kind: 'NfsReady',
  summary:
    'A gate: what comes after it begins when every export is really offered, by the table of the NFS server and by an ' +
    'answer of its own. Waits with a deadline; changes nothing.',
  desired,
  ops,
  examples: [{ exports: [{ path: '/tank/media', clients: ['10.0.0.0/24'] }], timeout: '120s' }],

  key: () => KEY,
  requires: (want) => [
    refOf('NfsServer', KEY),
    refOf('SystemdUnit', 'nfs-server.service'),
    ...want.exports.map(({ path }) => refOf('NfsExport', path)),
  ],

  async read(host, all) {
    const readings = await Promise.all(
      all.map(async ({ exports }) => {
        try {
          const shortfall = await shortfallOf(host, exports);
          return present<Actual>(shortfall === undefined ? {} : { shortfall });
        } catch (error) {
          return unknown(reasonOf(error));
        }
      }),
    );
    return new Map(readings.map((reading) => [KEY, reading]));
  },

  diff,
  converge: (op, host) => wait(host, op.exports, op.seconds),
});
