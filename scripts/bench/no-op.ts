/** What a run costs when there is nothing to do, and next to nothing. Inside the throw-away host. */
import { rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { sample } from './measure.ts';
import { figure, finish, head, measure, measureInTurn, type Row } from './table.ts';
import { enterThrowAwayHost, makeAll, PHOENIX, writeManifest, type Sizes } from './world.ts';

const ROUNDS = Number(process.argv[2] ?? 9);
const KINDS: Sizes['kinds'] = ['user', 'file', 'symlink', 'directory', 'package'];

const setup = (...flags: string[]) => sample([PHOENIX, 'setup', ...flags]);

/** Milliseconds for each resource more. */
const growth = (from: Row & { count: number }, to: Row & { count: number }): number =>
  (to.figures.wall - from.figures.wall) / (to.count - from.count);

enterThrowAwayHost();
head();
measure('node -e 0', ROUNDS, () => sample(['/usr/bin/env', 'node', '-e', '0']));

writeManifest({ kinds: [], each: 0 });
setup();
measure('empty manifest', ROUNDS, setup, {
  text: '≤ 4 ×, ≤ 96 MiB',
  met: ({ ratio, figures }) => ratio <= 4 && figures.memory <= 96,
});

const points: (Row & { count: number })[] = [];
let made = 0;
for (const total of [10, 100, 1000, 3000]) {
  const sizes = { kinds: KINDS, each: total / KINDS.length };
  const count = writeManifest(sizes);
  makeAll(sizes, made);
  made = sizes.each;
  setup();
  const target = {
    text: '≤ 6 ×, ≤ 128 MiB',
    met: ({ ratio, figures }: Row) => ratio <= 6 && figures.memory <= 128,
  };
  const row = measure(
    `${count} resources, compiled manifest`,
    ROUNDS,
    setup,
    total === 3000 ? target : undefined,
  );
  points.push({ ...row, count });
}

const [ten, , thousand, most] = points;
if (ten === undefined || thousand === undefined || most === undefined) throw new Error('no points');
const whole = growth(ten, most);
figure('growth for each resource', `${whole.toFixed(4)} ms`, { text: '≤ 0.025 ms', met: whole <= 0.025 });
figure(
  '  up to 1,000, and from there on',
  `${growth(ten, thousand).toFixed(3)}, ${growth(thousand, most).toFixed(3)}`,
);

measure(
  `${most.count} resources, first time (YAML, validation)`,
  ROUNDS,
  () => {
    rmSync('/var/lib/phoenix/compiled-manifest.json', { force: true });
    return setup();
  },
  { text: '≤ 12 ×', met: ({ ratio }) => ratio <= 12 },
);
const breakOneLink = (): void => {
  unlinkSync('/srv/link1');
  symlinkSync('elsewhere', '/srv/link1');
};

// What is compared with each other is measured in turn: the machine may have got slower since.
measureInTurn(ROUNDS, [
  { name: `${most.count} resources, once more`, run: setup },
  {
    name: `${most.count} resources, --check`,
    run: () => setup('--check'),
    target: { text: '≤ 1.1 × no-op', met: ({ ratio }, noop) => ratio <= 1.1 * noop.ratio },
  },
  {
    name: `${most.count} resources, one link to repair`,
    run: () => {
      breakOneLink();
      return setup();
    },
    target: {
      text: '≤ no-op + 10 ms',
      met: ({ figures }, noop) => figures.wall <= noop.figures.wall + 10,
    },
  },
]);
finish();
