/** The measurements of `npm run bench`, inside the throw-away host. */
import { rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { median, sample, type Sample } from './measure.ts';
import { enterThrowAwayHost, makeAll, manifestText, MANIFEST, writeManifest, type Sizes } from './world.ts';

const PHOENIX = '/opt/phoenix/bin/phoenix';
const ROUNDS = Number(process.argv[2] ?? 9);
const KINDS: Sizes['kinds'] = ['user', 'file', 'symlink', 'directory', 'package'];
const NODE = ['/usr/bin/env', 'node', '-e', '0'];

const setup = (...flags: string[]): string[] => [PHOENIX, 'setup', ...flags];
const forgetCompiled = (): void => {
  rmSync('/var/lib/phoenix/compiled-manifest.json', { force: true });
};

interface Row {
  readonly name: string;
  readonly figures: Sample;
  /** To `node -e 0`, by its wall time in the same rounds. */
  readonly ratio: number;
  readonly target: string;
  readonly met: boolean;
}
const rows: Row[] = [];

/** The command and `node -e 0` in turn: the ratio holds when the machine's speed drifts. */
const measure = (
  name: string,
  run: () => Sample,
  target: string,
  met: (row: Omit<Row, 'met' | 'target'>) => boolean,
): Row => {
  const runs: Sample[] = [];
  const base: Sample[] = [];
  run();
  for (let round = 0; round < ROUNDS; round += 1) {
    base.push(sample(NODE));
    runs.push(run());
  }
  const figures = median(runs);
  const row = { name, figures, ratio: figures.wall / median(base).wall };
  const complete = { ...row, target, met: met(row) };
  rows.push(complete);
  console.log(show(complete));
  return complete;
};

const show = ({ name, figures, ratio, target, met }: Row): string =>
  [
    name.padEnd(44),
    `${figures.wall.toFixed(0).padStart(6)} ms`,
    `${figures.cpu.toFixed(0).padStart(6)} ms`,
    `${figures.memory.toFixed(0).padStart(4)} MiB`,
    `${ratio.toFixed(2).padStart(6)} ×`,
    `  ${target.padEnd(34)} ${met ? 'met' : 'MISSED'}`,
  ].join(' ');

enterThrowAwayHost();
console.log(
  `${'what'.padEnd(44)} ${'wall'.padStart(9)} ${'cpu'.padStart(9)} ${'peak'.padStart(8)} ${'ratio'.padStart(8)}`,
);

measure(
  'node -e 0',
  () => sample(NODE),
  '',
  () => true,
);
writeManifest({ kinds: [], each: 0 });
measure(
  'empty manifest, no-op',
  () => sample(setup()),
  '≤ 4 ×, ≤ 96 MiB',
  ({ ratio, figures }) => ratio <= 4 && figures.memory <= 96,
);

const points: { count: number; wall: number }[] = [];
let made = 0;
for (const total of [10, 100, 1000, 3000]) {
  const sizes = { kinds: KINDS, each: total / KINDS.length };
  const count = writeManifest(sizes);
  makeAll(sizes, made);
  made = sizes.each;
  const large = total === 3000;
  const row = measure(
    `${count} resources, no-op, compiled manifest`,
    () => sample(setup()),
    large ? '≤ 6 ×, ≤ 128 MiB' : '',
    ({ ratio, figures }) => !large || (ratio <= 6 && figures.memory <= 128),
  );
  points.push({ count, wall: row.figures.wall });
}

const [first, , , last] = points;
if (first !== undefined && last !== undefined) {
  const growth = (last.wall - first.wall) / (last.count - first.count);
  console.log(
    `growth: ${growth.toFixed(4)} ms a resource (target ≤ 0.025): ${growth <= 0.025 ? 'met' : 'MISSED'}`,
  );
}
const noop = rows.at(-1);
measure(
  '  the same, first time (YAML, validation)',
  () => {
    forgetCompiled();
    return sample(setup());
  },
  '≤ 12 ×',
  ({ ratio }) => ratio <= 12,
);
measure(
  '  the same, --check',
  () => sample(setup('--check')),
  '≤ 1.1 × no-op',
  ({ figures }) => figures.wall <= 1.1 * (noop?.figures.wall ?? 0),
);
measure(
  '  the same, repairing one link',
  () => {
    unlinkSync('/srv/link7');
    symlinkSync('elsewhere', '/srv/link7');
    return sample(setup());
  },
  '≤ no-op + 10 ms',
  ({ figures }) => figures.wall <= (noop?.figures.wall ?? 0) + 10,
);

// 1,000 users, files and links from nothing, once.
if (!process.argv.includes('--no-converge')) {
  const text = manifestText();
  const offset = (line: string): string =>
    line
      .replaceAll('bench', 'fresh')
      .replace(/\/srv\/(file|link)/g, '/srv/new-$1')
      .replace(/uid: 2/, 'uid: 3');
  const fresh = Array.from({ length: 1000 }, (_, index) => [
    offset(
      `- UnixUser: { name: bench${index}, uid: ${20_000 + index}, shell: /bin/sh, comment: Number ${index} }`,
    ),
    offset(`- File: { path: /srv/file${index}, content: "line one of ${index}\\n" }`),
    offset(`- Symlink: { path: /srv/link${index}, target: file${index} }`),
  ]).flat();
  writeFileSync(MANIFEST, `version: 1\nresources:\n${fresh.join('\n')}\n`);
  const figures = sample(setup('--yes'));
  rows.push({
    name: 'first converge of 1,000 users, files, links',
    figures,
    ratio: figures.wall / (rows[0]?.figures.wall ?? 1),
    target: '≤ 30 s',
    met: figures.wall <= 30_000,
  });
  console.log(show(rows.at(-1) as Row));
  writeFileSync(MANIFEST, text);
}

process.exitCode = rows.every(({ met }) => met) ? 0 : 1;
