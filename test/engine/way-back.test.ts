/** What the engine does around a change that may cut the operator off. */
import { strict as assert } from 'node:assert';
import { memoryWayBack, restartOf, runToy, steps, toy, toyType, consent, World } from '../support/toy.ts';
import { armedChangeOf, lazyWayBack, takeBack, type ArmedChange } from '../../src/engine/way-back.ts';
import { refOf } from '../../src/engine/resource-type.ts';
import type { Host } from '../../src/host/host.ts';

const yes = consent({ yes: true });

const worldOf = (...names: string[]) => {
  const world = new World();
  for (const name of names) {
    world.values.set(name, 'old');
    world.cutOff.add(name);
  }
  return { world, types: new Map([['Toy', toyType(world)]]) };
};

describe('a change that may cut the operator off', () => {
  it('loads its way back, once, and no other change does', async () => {
    const { types } = worldOf('net', 'wire');
    const real = memoryWayBack({ is: 'confirmed', by: 'operator' });
    let loaded = 0;
    const wayBack = lazyWayBack(() => {
      loaded += 1;
      return Promise.resolve(real);
    });
    const run = (...names: string[]) => {
      const catalog = { steps: steps('one'), resources: names.map((name) => toy(name)) };
      return runToy({ catalog, types, consent: yes, wayBack });
    };
    await run('plain');
    assert.equal(loaded, 0);
    assert.deepEqual((await run('net', 'wire')).results, {
      'Toy[net]': 'converged',
      'Toy[wire]': 'converged',
    });
    assert.equal(loaded, 1);
    assert.deepEqual(
      real.log.map((line) => line.split(':')[0]),
      ['arm Toy[net]', 'arm Toy[wire]', 'settle'],
    );
  });

  it('disarms by a way back that is loaded late too', async () => {
    const { world, types } = worldOf('net');
    world.failing.add('net');
    const real = memoryWayBack({ is: 'confirmed', by: 'operator' });
    const wayBack = lazyWayBack(() => Promise.resolve(real));
    await runToy({ catalog: { steps: steps('one'), resources: [toy('net')] }, types, consent: yes, wayBack });
    assert.deepEqual(real.log.at(-1), 'disarm Toy[net]');
  });

  it('is armed with its exact inverse before it is made, and settled at the end of its step', async () => {
    const { world, types } = worldOf('net');
    const wayBack = memoryWayBack({ is: 'confirmed', by: 'operator' });
    const catalog = { steps: steps('one', 'two'), resources: [toy('net'), toy('later', { step: 'two' })] };
    const { results, events } = await runToy({ catalog, types, consent: yes, wayBack });
    assert.deepEqual(wayBack.log, ['arm Toy[net]: {"op":"put","name":"net","value":"old"}', 'settle']);
    assert.deepEqual(results, { 'Toy[net]': 'converged', 'Toy[later]': 'converged' });
    assert.equal(world.values.get('net'), 'wanted');
    const order = events.map(({ event }) => event);
    assert.ok(order.indexOf('way back') < order.lastIndexOf('step begins'));
  });

  it('has failed when it was taken back, and what comes later is not done', async () => {
    const { types } = worldOf('net');
    const wayBack = memoryWayBack({ is: 'taken back', why: 'nobody confirmed it', errors: ['x: no'] });
    const catalog = { steps: steps('one', 'two'), resources: [toy('net'), toy('later', { step: 'two' })] };
    const { results, outcomes } = await runToy({ catalog, types, consent: yes, wayBack });
    assert.deepEqual(results, { 'Toy[net]': 'failed', 'Toy[later]': 'skipped' });
    assert.match(
      outcomes.resources[0]?.reason ?? '',
      /^taken back: nobody confirmed it; on the way back: x: no$/,
    );
  });

  it('is taken back at once with a step that failed', async () => {
    const { world, types } = worldOf('net');
    world.failing.add('bad');
    const wayBack = memoryWayBack({ is: 'taken back', why: 'the step failed', errors: [] });
    const catalog = { steps: steps('one'), resources: [toy('net'), toy('bad')] };
    const { results } = await runToy({ catalog, types, consent: yes, wayBack });
    assert.deepEqual(wayBack.log.at(-1), 'settle what failed');
    assert.deepEqual(results, { 'Toy[net]': 'failed', 'Toy[bad]': 'failed' });
  });

  it('needs no way back when it failed and changed nothing', async () => {
    const { world, types } = worldOf('net');
    world.failing.add('net');
    const wayBack = memoryWayBack({ is: 'confirmed', by: 'probe' });
    const { results } = await runToy({
      catalog: { steps: steps('one'), resources: [toy('net')] },
      types,
      consent: yes,
      wayBack,
    });
    assert.deepEqual(wayBack.log, [
      'arm Toy[net]: {"op":"put","name":"net","value":"old"}',
      'disarm Toy[net]',
    ]);
    assert.deepEqual(results, { 'Toy[net]': 'failed' });
  });

  it('is not made at all when it cannot be armed', async () => {
    const { world, types } = worldOf('net');
    const wayBack = {
      ...memoryWayBack({ is: 'confirmed', by: 'probe' }),
      arm: () => Promise.reject(new Error('no timer')),
    };
    const { results } = await runToy({
      catalog: { steps: steps('one'), resources: [toy('net')] },
      types,
      consent: yes,
      wayBack,
    });
    assert.deepEqual(world.done, []);
    assert.deepEqual(results, { 'Toy[net]': 'failed' });
  });

  it('is armed for all before a kind that takes many at once begins', async () => {
    const { world } = worldOf('a', 'b');
    const types = new Map([['Toy', toyType(world, true)]]);
    const wayBack = memoryWayBack({ is: 'confirmed', by: 'operator' });
    const order: string[] = [];
    const watched = {
      ...wayBack,
      arm: async (change: ArmedChange) => {
        order.push(`arm ${change.ref} after ${world.done.length}`);
        await wayBack.arm(change);
      },
    };
    const catalog = { steps: steps('one'), resources: [toy('a'), toy('b')] };
    await runToy({ catalog, types, consent: yes, wayBack: watched });
    assert.deepEqual(order, ['arm Toy[a] after 0', 'arm Toy[b] after 0']);
    assert.deepEqual(world.done, ['together 2', 'put a', 'put b']);
  });

  it('is made for none of those that converge at once when one cannot be armed', async () => {
    const { world } = worldOf('a', 'b');
    const types = new Map([['Toy', toyType(world, true)]]);
    const wayBack = {
      ...memoryWayBack({ is: 'confirmed', by: 'operator' }),
      arm: ({ ref }: ArmedChange) =>
        ref === 'Toy[b]' ? Promise.reject(new Error('no timer')) : Promise.resolve(),
    };
    const catalog = { steps: steps('one'), resources: [toy('a'), toy('b')] };
    const { results } = await runToy({ catalog, types, consent: yes, wayBack });
    assert.deepEqual(world.done, []);
    assert.deepEqual(results, { 'Toy[a]': 'failed', 'Toy[b]': 'failed' });
  });

  it('is not tried again by itself after it was taken back, only by its name', async () => {
    const { world, types } = worldOf('net');
    const catalog = { steps: steps('one'), resources: [toy('net')] };
    const wayBack = memoryWayBack({ is: 'confirmed', by: 'operator' }, '2026-01-01T00:00:00Z');
    const held = await runToy({ catalog, types, consent: yes, wayBack });
    assert.deepEqual(held.results, { 'Toy[net]': 'held' });
    assert.match(held.outcomes.resources[0]?.reason ?? '', /--confirm 'Toy\[net\]'/);
    assert.equal(world.values.get('net'), 'old');
    const confirmed = new Set([refOf('Toy', 'net')]);
    const again = await runToy({ catalog, types, consent: consent({ yes: true, confirmed }), wayBack });
    assert.deepEqual(again.results, { 'Toy[net]': 'converged' });
  });
});

describe('taking back', () => {
  const host = { note: () => undefined, progress: () => undefined } as unknown as Host;
  const change = (name: string): ArmedChange => ({
    ref: refOf('Toy', name),
    kind: 'Toy',
    cutsOff: 'network',
    description: `put ${name}`,
    does: { op: 'put', name, value: 'new' } as ArmedChange['does'],
    undo: { op: 'put', name, value: 'old' } as ArmedChange['undo'],
    owes: [restartOf('net')],
  });

  it('goes backwards, pays what was owed once, and goes on after an error', async () => {
    const { world, types } = worldOf();
    world.failing.add('b');
    const errors = await takeBack([change('a'), change('b'), change('c')], types, host);
    assert.deepEqual(world.done, ['put c', 'put b', 'put a', 'restart net']);
    assert.deepEqual(errors, ['Toy[b]: b failed']);
  });

  it('pays nothing after a boot: what reads the files has yet to start', async () => {
    const { world, types } = worldOf();
    assert.deepEqual(await takeBack([change('a')], types, host, true), []);
    assert.deepEqual(world.done, ['put a']);
  });

  it('refuses an action that says it may cut off and has no op as its undo', () => {
    assert.throws(
      () =>
        armedChangeOf(refOf('Toy', 'a'), 'Toy', {
          does: { op: 'put' },
          description: 'put a',
          risk: 'disruptive',
          changes: [],
          undo: { none: 'gone' },
          cutsOff: 'ssh',
        }),
      /that is a bug/,
    );
  });
});
