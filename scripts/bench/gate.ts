/**
 * `npm run bench -- --gate`: fails when a run that changes nothing has become dearer than it may. Inside the throw-away
 * host. What is counted does not depend on the machine: programs that are started, and CPU time as a ratio to Node's own.
 */
import { sample } from './measure.ts';
import { writeMixedManifest } from './mixed.ts';
import { programsStartedBy } from './processes.ts';
import { figure, finish, head, measure, type Row } from './table.ts';
import { enterThrowAwayHost, PHOENIX, writeManifest } from './world.ts';

const ROUNDS = 9;
/** A limit is raised only together with the change that needs it, and with the reason. */
const LIMITS = {
  empty: { programs: 6, cpu: 3 },
  mixed: { programs: 7, cpu: 5 },
};

const setup = () => sample([PHOENIX, 'setup']);

const programs = (name: string, limit: number): void => {
  const started = programsStartedBy([PHOENIX, 'setup']);
  const target = { text: `≤ ${limit}`, met: started.length <= limit };
  figure(`${name}: programs started`, String(started.length), target);
  console.log(`  ${started.join(' ')}`);
};

const cpu = (name: string, base: Row, limit: number): void => {
  const row = measure(`${name}: nothing to do`, ROUNDS, setup);
  const ratio = row.figures.cpu / base.figures.cpu;
  figure(`${name}: CPU time to that of node`, `${ratio.toFixed(2)} ×`, {
    text: `≤ ${limit} ×`,
    met: ratio <= limit,
  });
};

enterThrowAwayHost();
head();
const base = measure('node -e 0', ROUNDS, () => sample(['/usr/bin/env', 'node', '-e', '0']));
writeManifest({ kinds: [], each: 0 });
setup();
programs('empty manifest', LIMITS.empty.programs);
cpu('empty manifest', base, LIMITS.empty.cpu);

const { kinds, resources } = writeMixedManifest(20);
sample([PHOENIX, 'setup', '--yes']);
const name = `${resources} resources of ${kinds} kinds`;
programs(name, LIMITS.mixed.programs);
cpu(name, base, LIMITS.mixed.cpu);
finish();
