/** The way back on the disk, with a clock that is turned by hand. */
import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import type { ArmedChange } from '../../src/engine/way-back.ts';
import type { Clock } from '../../src/host/way-back/clock.ts';
import { confirm, takeBackNow } from '../../src/host/way-back/decide.ts';
import { readArmed, readLast, readTakenBack, writeArmed } from '../../src/host/way-back/state.ts';
import { wayBackOf, type WayBackOptions } from '../../src/host/way-back/way-back.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const change = (name: string): ArmedChange => ({
  ref: `Toy[${name}]`,
  kind: 'Toy',
  cutsOff: 'network',
  description: `put ${name}`,
  does: { op: 'put', name } as ArmedChange['does'],
  undo: { op: 'back', name } as ArmedChange['undo'],
  owes: [],
});

const holder = { pid: process.pid, command: 'phoenix', user: 'root', since: new Date().toISOString() };

/** Timers that run are counted; none strikes by itself. */
const handClock = (): Clock & { running: Set<string>; mostAtOnce: number; least: number } => {
  const running = new Set<string>();
  const clock = {
    running,
    mostAtOnce: 0,
    least: Infinity,
    start(unit: string) {
      running.add(unit);
      clock.mostAtOnce = Math.max(clock.mostAtOnce, running.size);
      return Promise.resolve();
    },
    stop(unit: string) {
      running.delete(unit);
      clock.least = Math.min(clock.least, running.size);
      return Promise.resolve();
    },
    clear: () => undefined,
  };
  return clock;
};

const makeIn = (state: string, more: Partial<WayBackOptions> = {}) => {
  const clock = handClock();
  const undone: string[] = [];
  const told: string[] = [];
  const options: WayBackOptions = {
    state,
    holder,
    clock,
    run: 'run',
    seconds: 60,
    probe: undefined,
    undo: (changes) => {
      undone.push(...changes.map(({ ref }) => ref));
      return Promise.resolve([]);
    },
    takenBack: [],
    tell: (message) => told.push(message),
    stopped: () => false,
    ...more,
  };
  return { state, clock, undone, told, options, wayBack: wayBackOf(options) };
};

describe('the way back', () => {
  const folder = temporaryFolder();
  let count = 0;
  const make = (more: Partial<WayBackOptions> = {}) => makeIn(`${folder.path}/${++count}`, more);

  it('is on the disk, with a timer, before the change; a second change moves the deadline, never without a timer', async () => {
    const { state, clock, wayBack } = make();
    await wayBack.arm(change('a'));
    const first = await readArmed(state);
    assert.deepEqual(
      first?.changes.map(({ ref }) => ref),
      ['Toy[a]'],
    );
    assert.equal(clock.running.size, 1);
    await wayBack.arm(change('b'));
    const second = await readArmed(state);
    assert.deepEqual(
      second?.changes.map(({ ref }) => ref),
      ['Toy[a]', 'Toy[b]'],
    );
    assert.ok([...clock.running].every((unit) => unit.endsWith('-2')));
    assert.equal(clock.mostAtOnce, 2);
    assert.equal(clock.least, 1);
  });

  it('ends when somebody confirms from another process, and stops its timer', async () => {
    const { state, clock, told, options, wayBack, undone } = make();
    await wayBack.arm(change('a'));
    const settled = wayBack.settle(false);
    const kept = await confirm(options, 'operator');
    assert.deepEqual(
      kept?.changes.map(({ ref }) => ref),
      ['Toy[a]'],
    );
    assert.deepEqual(await settled, { is: 'confirmed', by: 'operator' });
    assert.equal(await readArmed(state), undefined);
    assert.equal(clock.running.size, 0);
    assert.deepEqual(undone, []);
    assert.match(told[0] ?? '', /Toy\[a\]: taken back at .* unless confirmed: run `phoenix confirm`/);
    assert.equal(await confirm(options, 'operator'), undefined);
  });

  it('ends when the timer strikes, and remembers what not to try again', async () => {
    const { state, options, wayBack, undone } = make();
    await wayBack.arm(change('a'));
    const settled = wayBack.settle(false);
    await takeBackNow(options, 'nobody confirmed it in time', options.undo);
    assert.deepEqual(await settled, {
      is: 'taken back',
      why: 'nobody confirmed it in time',
      errors: [],
    });
    assert.deepEqual(undone, ['Toy[a]']);
    const takenBack = await readTakenBack(state);
    const next = wayBackOf({ ...options, takenBack });
    assert.match((await next.takenBackBefore('Toy[a]', change('a').does)) ?? '', /^\d{4}-/);
    assert.equal(await next.takenBackBefore('Toy[a]', { op: 'other' }), undefined);
  });

  it('forgets what was taken back once the same change is confirmed', async () => {
    const { state, options, wayBack } = make();
    await wayBack.arm(change('a'));
    await takeBackNow(options, 'late', options.undo);
    const again = wayBackOf({ ...options, run: 'again', takenBack: await readTakenBack(state) });
    await again.arm(change('a'));
    await confirm(options, 'operator');
    assert.deepEqual(await readTakenBack(state), []);
  });

  it('lets a timer that was overtaken by a later change pass', async () => {
    const { options, wayBack, undone } = make();
    await wayBack.arm(change('a'));
    const due = ({ deadline }: { deadline: string }): boolean => Date.now() > Date.parse(deadline);
    assert.equal(await takeBackNow(options, 'late', options.undo, due), undefined);
    assert.deepEqual(undone, []);
  });

  it('changes nothing more once what came before was taken back', async () => {
    const { options, wayBack } = make();
    await wayBack.arm(change('a'));
    await takeBackNow(options, 'late', options.undo);
    await assert.rejects(wayBack.arm(change('b')), /taken back meanwhile/);
  });

  it('goes on with a new deadline after what came before was confirmed', async () => {
    const { state, options, wayBack } = make();
    await wayBack.arm(change('a'));
    await confirm(options, 'operator');
    await wayBack.arm(change('b'));
    assert.deepEqual(
      (await readArmed(state))?.changes.map(({ ref }) => ref),
      ['Toy[b]'],
    );
  });

  it('is carried out at once for a step that failed', async () => {
    const { wayBack, undone, clock } = make();
    await wayBack.arm(change('a'));
    assert.equal((await wayBack.settle(true)).is, 'taken back');
    assert.deepEqual(undone, ['Toy[a]']);
    assert.equal(clock.running.size, 0);
  });

  it('is confirmed by a probe as soon as that is content, and says why it was not', async () => {
    let answers = 0;
    const probe = () => Promise.resolve(++answers < 3 ? 'the gateway does not answer' : undefined);
    const good = make({ probe });
    await good.wayBack.arm(change('a'));
    assert.deepEqual(await good.wayBack.settle(false), { is: 'confirmed', by: 'probe' });
    assert.equal(answers, 3);

    const bad = make({ probe: () => Promise.resolve('the gateway does not answer') });
    await bad.wayBack.arm(change('a'));
    const settled = bad.wayBack.settle(false);
    await takeBackNow(bad.options, 'nobody confirmed it in time', bad.options.undo);
    const verdict = await settled;
    assert.ok(verdict.is === 'taken back');
    assert.match(verdict.why, /the gateway does not answer|nobody confirmed it in time/);
  });

  it('is left to the timer when the run is stopped', async () => {
    const { state, wayBack } = make({ stopped: () => true });
    await wayBack.arm(change('a'));
    const verdict = await wayBack.settle(false);
    assert.equal(verdict.is, 'open');
    assert.notEqual(await readArmed(state), undefined);
  });

  it('is done by the run itself where the timer was lost', async () => {
    const { state, wayBack, undone } = make();
    await wayBack.arm(change('a'));
    const armed = await readArmed(state);
    assert.ok(armed);
    writeArmed(state, { ...armed, deadline: new Date(Date.now() - 60_000).toISOString() });
    assert.equal((await wayBack.settle(false)).is, 'taken back');
    assert.deepEqual(undone, ['Toy[a]']);
  });

  it('is begun anew where the one who took it back was cut off', async () => {
    const { state, options, wayBack, undone } = make();
    await wayBack.arm(change('a'));
    const dies = () => Promise.reject(new Error('killed'));
    await assert.rejects(takeBackNow(options, 'late', dies));
    assert.ok(existsSync(`${state}/way-back/taking.json`));
    assert.equal(await confirm(options, 'operator'), undefined);
    await takeBackNow(options, 'after a boot', options.undo);
    assert.deepEqual(undone, ['Toy[a]']);
    assert.equal((await readLast(state))?.verdict.is, 'taken back');
    assert.equal(existsSync(`${state}/way-back/taking.json`), false);
  });

  it('drops what failed without a change, and its timer with the last one', async () => {
    const { state, clock, wayBack } = make();
    await wayBack.arm(change('a'));
    await wayBack.arm(change('b'));
    await wayBack.disarm(change('b'));
    assert.deepEqual(
      (await readArmed(state))?.changes.map(({ ref }) => ref),
      ['Toy[a]'],
    );
    await wayBack.disarm(change('a'));
    assert.equal(await readArmed(state), undefined);
    assert.equal(clock.running.size, 0);
    assert.deepEqual(wayBack.armed, []);
  });
});
