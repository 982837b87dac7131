import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Catalog, Resource } from '../../src/engine/catalog.ts';
import type { Consent } from '../../src/engine/gate.ts';
import { EXIT, exitCodeOf, exitCodeOfCheck } from '../../src/engine/outcome.ts';
import { makePlan } from '../../src/engine/planner.ts';
import {
  consent,
  memoryDebts,
  notingHost,
  restartOf,
  runToy,
  steps,
  toy,
  toyType,
  World,
} from '../support/toy.ts';

const catalog = (...resources: Resource[]): Catalog => ({ steps: steps('one', 'two', 'last'), resources });

describe('converger', () => {
  let world: World;
  let types: Map<string, ReturnType<typeof toyType>>;
  beforeEach(() => {
    world = new World();
    types = new Map([['Toy', toyType(world)]]);
  });

  it('converges what differs, and then has nothing to do', async () => {
    const all = catalog(toy('a'), toy('b'));
    world.values.set('b', 'wanted');
    const first = await runToy({ catalog: all, types });
    assert.deepEqual(first.results, { 'Toy[a]': 'converged', 'Toy[b]': 'in sync' });
    assert.deepEqual(first.journaled, ['begins Toy[a]', 'ended Toy[a]']);
    assert.equal(exitCodeOf(first.outcomes), EXIT.done);
    const second = await runToy({ catalog: all, types });
    assert.deepEqual(second.plan.resources, []);
    assert.deepEqual(world.done, ['put a']);
  });

  it('says that something will change as soon as that is known, before slower kinds are read', async () => {
    let answer: () => void = () => undefined;
    const slow = toyType(new World());
    const waits = new Promise<void>((resolve) => (answer = resolve));
    types.set('Slow', { ...slow, read: (...args) => waits.then(() => slow.read(...args)) });
    const later: Resource = { ...toy('b'), kind: 'Slow', ref: 'Slow[b]' };
    let said = 0;
    const differs = (): void => {
      said += 1;
      answer();
    };
    const plan = await makePlan(catalog(later, toy('a')), types, notingHost(), [], differs);
    assert.deepEqual([plan.resources.map(({ ref }) => ref), said], [['Slow[b]', 'Toy[a]'], 2]);
    world.values.set('a', 'wanted');
    await makePlan(catalog(toy('a')), types, notingHost(), [], differs);
    assert.equal(said, 2);
  });

  it('reads all of a kind at once, and again only what it converges', async () => {
    world.values.set('b', 'wanted');
    await runToy({ catalog: catalog(toy('a'), toy('b')), types });
    assert.deepEqual(world.reads, [['a', 'b'], ['a'], ['a']]);
  });

  it('reads all of a kind again where they are judged by each other', async () => {
    types.set('Toy', toyType(world, false, true));
    await runToy({ catalog: catalog(toy('a'), toy('b')), types });
    assert.deepEqual(
      world.reads.map((names) => names.join()),
      ['a,b', 'a,b', 'a,b', 'a,b', 'a,b'],
    );
  });

  it('tells whoever reads a few what the whole of the kind is', async () => {
    await runToy({ catalog: catalog(toy('a'), toy('b')), types });
    assert.deepEqual(
      world.wholes.map((names) => names.join()),
      ['a,b', 'a,b', 'a,b', 'a,b', 'a,b'],
    );
  });

  it('takes many at once where the kind can', async () => {
    types.set('Toy', toyType(world, true));
    const { results, journaled } = await runToy({
      catalog: catalog(toy('a'), toy('b'), toy('c', { requires: ['Toy[a]'] })),
      types,
    });
    assert.deepEqual(world.done, ['together 2', 'put a', 'put b', 'together 1', 'put c']);
    assert.deepEqual(Object.values(results), ['converged', 'converged', 'converged']);
    assert.equal(journaled.length, 6);
  });

  it('takes a run back together, also what waits for one another, but not for what is left as it is', async () => {
    types.set('Toy', toyType(world, true));
    const waiting = [toy('a'), toy('b', { requires: ['Toy[a]'] }), toy('c', { requires: ['Toy[b]'] })];
    const backwards = { ...catalog(...waiting, toy('d')), backwards: true } as const;
    world.refused.add('a');
    const first = await runToy({ catalog: backwards, types });
    assert.deepEqual(first.results, {
      'Toy[a]': 'failed',
      'Toy[b]': 'skipped',
      'Toy[c]': 'skipped',
      'Toy[d]': 'converged',
    });
    const reasons = first.outcomes.resources.map(({ reason }) => reason);
    assert.equal(reasons[2], 'requires Toy[b], which is left as it is');
    world.refused.clear();
    await runToy({ catalog: backwards, types });
    assert.deepEqual(world.done, ['together 1', 'put d', 'together 3', 'put a', 'put b', 'put c']);
  });

  it('tells apart which of many failed, by looking at each', async () => {
    types.set('Toy', toyType(world, true));
    world.failing.add('b');
    const { results } = await runToy({ catalog: catalog(toy('a'), toy('b')), types });
    assert.deepEqual(results, { 'Toy[a]': 'converged', 'Toy[b]': 'failed' });
  });

  it('tells of each only its own failure, where the kind tells whose it is', async () => {
    types.set('Toy', toyType(world, true));
    world.blamed.set('b', 'b is crooked').set('d', 'd is bent');
    world.slippery.add('b').add('d');
    const { outcomes, events } = await runToy({
      catalog: catalog(toy('a'), toy('b'), toy('c'), toy('d')),
      types,
    });
    assert.deepEqual(
      outcomes.resources.map(({ result, reason }) => [result, reason]),
      [
        ['converged', undefined],
        ['failed', 'b is crooked'],
        ['converged', undefined],
        ['failed', 'd is bent'],
      ],
    );
    assert.equal(events.filter(({ event }) => event === 'action failed').length, 2);
  });

  it('tells what a kind noted of the resource in hand, or of the one that it named', async () => {
    types.set('Toy', toyType(world, true));
    world.notes.set('a', ['kept x', 'b']).set('b', ['of somebody unknown', 'z']).set('u', ['waited']);
    const { outcomes, events } = await runToy({
      catalog: catalog(toy('a'), toy('b', { owes: [restartOf('u')] })),
      types,
      consent: consent({ yes: true }),
    });
    assert.deepEqual(outcomes.notes, [
      { ref: 'Toy[b]', text: 'kept x' },
      { ref: 'Toy[a]', text: 'of somebody unknown' },
      { ref: 'Toy[b]', text: 'waited' },
    ]);
    assert.deepEqual(
      events.filter(({ event }) => event === 'noted'),
      outcomes.notes.map((noted) => ({ event: 'noted', ...noted })),
    );
  });

  it('tells what is to be remarked on only after the actions, and not what the plan has said', async () => {
    world.remarks.set('a', ['odd']).set('b', ['odd']);
    world.values.set('b', 'wanted');
    const { outcomes } = await runToy({
      catalog: catalog(toy('a'), toy('b')),
      types,
      meanwhile: () => world.remarks.set('a', ['odd', 'not in effect']).set('b', ['odd', 'of no concern']),
    });
    assert.deepEqual(outcomes.notes, [{ ref: 'Toy[a]', text: 'not in effect' }]);
  });

  it('tells how far an action is while it lasts', async () => {
    const { events } = await runToy({ catalog: catalog(toy('a'), toy('b')), types });
    const told = events.filter(({ event }) => event.startsWith('action'));
    assert.deepEqual(
      told.map(({ event }) => event),
      ['action begins', 'action goes on', 'action done', 'action begins', 'action goes on', 'action done'],
    );
    assert.deepEqual(told[4], { event: 'action goes on', ref: 'Toy[b]', text: 'put half of b' });
  });

  it('tells what was noted by an action that failed, of that resource and no later one', async () => {
    world.notes.set('a', ['half of it is done']);
    world.failing.add('a');
    const { outcomes } = await runToy({ catalog: catalog(toy('a'), toy('b')), types, keepGoing: true });
    assert.deepEqual(outcomes.notes, [{ ref: 'Toy[a]', text: 'half of it is done' }]);
  });

  it('looks again at what depends on a change, and converges it', async () => {
    world.values.set('b', 'wanted');
    const { results } = await runToy({
      catalog: catalog(toy('a'), toy('b', { requires: ['Toy[a]'] })),
      types,
      meanwhile: () => world.values.set('b', 'spoilt'),
    });
    assert.deepEqual(results, { 'Toy[a]': 'converged', 'Toy[b]': 'converged' });
  });

  it('does nothing to what is in order by the time its turn comes', async () => {
    const { results } = await runToy({
      catalog: catalog(toy('a')),
      types,
      meanwhile: () => world.values.set('a', 'wanted'),
    });
    assert.deepEqual(results, { 'Toy[a]': 'in sync' });
    assert.deepEqual(world.done, []);
  });

  it('does nothing, however harmless, that a plan to be kept to the letter does not have', async () => {
    world.values.set('b', 'wanted');
    const all = catalog(toy('a'), toy('b', { requires: ['Toy[a]'] }));
    const meanwhile = () => world.values.set('b', 'spoilt');
    const { results, outcomes } = await runToy({ catalog: all, types, exactly: true, meanwhile });
    assert.deepEqual(results, { 'Toy[a]': 'converged', 'Toy[b]': 'held' });
    assert.match(outcomes.resources[1]?.reason ?? '', /something else than the plan has shown/);
    assert.deepEqual(world.done, ['put a']);
  });

  it('holds back what has become riskier than the plan that was shown', async () => {
    const { results, outcomes } = await runToy({
      catalog: catalog(toy('a')),
      types,
      consent: consent({ yes: true }),
      meanwhile: () => world.risks.set('a', 'disruptive'),
    });
    assert.deepEqual(results, { 'Toy[a]': 'held' });
    assert.match(outcomes.resources[0]?.reason ?? '', /become disruptive since the plan was shown/);
    assert.deepEqual(world.done, []);
  });

  it('skips the dependents of what failed, and later steps, and says why', async () => {
    world.failing.add('a');
    const all = catalog(toy('a'), toy('b', { requires: ['Toy[a]'] }), toy('c'), toy('d', { step: 'two' }));
    const { results, outcomes } = await runToy({ catalog: all, types });
    assert.deepEqual(results, {
      'Toy[a]': 'failed',
      'Toy[b]': 'skipped',
      'Toy[c]': 'converged',
      'Toy[d]': 'skipped',
    });
    const reasons = Object.fromEntries(outcomes.resources.map(({ ref, reason }) => [ref, reason]));
    assert.equal(reasons['Toy[b]'], 'requires Toy[a], which is failed');
    assert.equal(reasons['Toy[d]'], 'step one failed');
    assert.equal(exitCodeOf(outcomes), EXIT.failed);
  });

  it('goes on with later steps when told, but not with the one that needs success', async () => {
    world.failing.add('a');
    const all = catalog(toy('a'), toy('d', { step: 'two' }), toy('z', { step: 'last' }));
    const { results, outcomes } = await runToy({ catalog: all, types, keepGoing: true });
    assert.deepEqual(results, { 'Toy[a]': 'failed', 'Toy[d]': 'converged', 'Toy[z]': 'skipped' });
    assert.equal(outcomes.resources.at(-1)?.reason, 'not everything before has succeeded');
  });

  it('never converges what it cannot read, nor what depends on it', async () => {
    world.unreadable.add('a');
    const all = catalog(toy('a'), toy('b', { requires: ['Toy[a]'] }));
    const { results, plan } = await runToy({ catalog: all, types });
    assert.deepEqual(results, { 'Toy[a]': 'unknown', 'Toy[b]': 'skipped' });
    assert.equal(exitCodeOfCheck(plan), EXIT.driftAndUnknown);
    assert.deepEqual(world.done, []);
  });

  it('fails what is refused, without touching it', async () => {
    world.refused.add('a');
    const { results, outcomes, plan } = await runToy({ catalog: catalog(toy('a')), types });
    assert.deepEqual(results, { 'Toy[a]': 'failed' });
    assert.equal(outcomes.resources[0]?.reason, 'not touched');
    assert.equal(exitCodeOfCheck(plan), EXIT.drift);
    assert.deepEqual(world.done, []);
  });

  it('fails what still differs after it converged, and shows both sides', async () => {
    world.slippery.add('a');
    const { outcomes } = await runToy({ catalog: catalog(toy('a')), types });
    assert.equal(outcomes.resources[0]?.result, 'failed');
    assert.deepEqual(outcomes.resources[0].remains, [{ path: 'value', from: null, to: 'wanted' }]);
  });

  it('holds back what is more than safe unless it is allowed', async () => {
    world.risks.set('a', 'disruptive').set('b', 'destructive');
    const all = catalog(toy('a'), toy('b'), toy('c', { requires: ['Toy[a]'] }));
    const held = await runToy({ catalog: all, types });
    assert.deepEqual(held.results, { 'Toy[a]': 'held', 'Toy[b]': 'held', 'Toy[c]': 'skipped' });
    assert.equal(exitCodeOf(held.outcomes), EXIT.held);
    const yes = await runToy({ catalog: all, types, consent: consent({ yes: true }) });
    assert.deepEqual(yes.results, { 'Toy[a]': 'converged', 'Toy[b]': 'held', 'Toy[c]': 'converged' });
    const named = await runToy({
      catalog: all,
      types,
      consent: consent({ confirmed: new Set(['Toy[b]'] as const) }),
    });
    assert.equal(named.results['Toy[b]'], 'converged');
  });

  it('holds back what needs a flag, whatever else is allowed', async () => {
    world.risks.set('a', 'destructive');
    world.needs.set('a', 'wipe-disks');
    const confirmed = new Set(['Toy[a]'] as const);
    const granted = new Set(['wipe-disks'] as const);
    const resultOf = async (more: Partial<Consent>) =>
      (await runToy({ catalog: catalog(toy('a')), types, consent: consent(more) })).outcomes.resources[0];
    assert.match((await resultOf({ yes: true, confirmed }))?.reason ?? '', /^needs --wipe-disks .*Toy\[a\]/);
    assert.equal((await resultOf({ yes: true, granted }))?.result, 'held');
    assert.equal((await resultOf({ granted, confirmed }))?.result, 'converged');
  });

  it('does nothing destructive that the plan has not shown to the letter', async () => {
    world.risks.set('a', 'destructive');
    world.values.set('a', 'was this');
    const { outcomes } = await runToy({
      catalog: catalog(toy('a')),
      types,
      consent: consent({ confirmed: new Set(['Toy[a]'] as const) }),
      meanwhile: () => world.values.set('a', 'is that now'),
    });
    assert.equal(outcomes.resources[0]?.result, 'held');
    assert.match(outcomes.resources[0].reason ?? '', /something else than the plan has shown/);
    assert.equal(world.values.get('a'), 'is that now');
  });

  it('says what is remarkable, also of what is in sync', async () => {
    world.remarks.set('a', ['old']).set('b', ['odd', 'and even']);
    world.values.set('b', 'wanted');
    const { plan } = await runToy({ catalog: catalog(toy('a'), toy('b')), types });
    assert.deepEqual(plan.resources[0]?.remarks, ['old']);
    assert.deepEqual(plan.remarked, [{ ref: 'Toy[b]', remarks: ['odd', 'and even'] }]);
    assert.equal(plan.inSync, 1);
  });

  it('stops after the action in hand', async () => {
    let stopped = false;
    const { results, outcomes } = await runToy({
      catalog: catalog(toy('a'), toy('b')),
      types,
      stoppedBy: () => {
        const now = stopped;
        stopped = world.done.length > 0;
        return now ? 'SIGTERM' : undefined;
      },
    });
    assert.deepEqual(results, { 'Toy[a]': 'converged', 'Toy[b]': 'skipped' });
    assert.equal(exitCodeOf(outcomes), EXIT.SIGTERM);
  });

  describe('debts', () => {
    const owing = (name: string, more: Partial<Resource> = {}) =>
      toy(name, { owes: [restartOf('x.service')], ...more });
    const yes = consent({ yes: true });

    it('are paid once, at the end of the step, however many ask', async () => {
      const all = catalog(owing('a'), owing('b'), toy('c'), toy('d', { step: 'two' }));
      const { outcomes, debts } = await runToy({ catalog: all, types, consent: yes });
      assert.deepEqual(world.done, ['put a', 'put b', 'put c', 'restart x.service', 'put d']);
      assert.equal(outcomes.paid.length, 1);
      assert.deepEqual(debts.owed, []);
    });

    it('make the change that owes them as risky as they are', async () => {
      const { results } = await runToy({ catalog: catalog(owing('a')), types });
      assert.deepEqual(results, { 'Toy[a]': 'held' });
      assert.deepEqual(world.done, []);
    });

    it('stay owed when they fail, fail the step, and are tried by the next run', async () => {
      world.failing.add('x.service');
      const debts = memoryDebts();
      const all = catalog(owing('a'), toy('d', { step: 'two' }));
      const first = await runToy({ catalog: all, types, consent: yes, debts });
      assert.equal(exitCodeOf(first.outcomes), EXIT.failed);
      assert.equal(first.results['Toy[d]'], 'skipped');
      assert.equal(debts.owed.length, 1);
      world.failing.clear();
      const second = await runToy({ catalog: all, types, consent: yes, debts });
      assert.deepEqual(second.plan.owed.length, 1);
      assert.deepEqual(debts.owed, []);
      assert.equal(exitCodeOf(second.outcomes), EXIT.done);
    });

    it('are paid even when another resource of the step failed', async () => {
      world.failing.add('b');
      await runToy({ catalog: catalog(owing('a'), toy('b')), types, consent: yes });
      assert.deepEqual(world.done, ['put a', 'put b', 'restart x.service']);
    });

    it('are not made by an action that failed and changed nothing', async () => {
      world.failing.add('a');
      const { debts } = await runToy({ catalog: catalog(owing('a')), types, consent: yes });
      assert.deepEqual(debts.owed, []);
      assert.deepEqual(world.done, ['put a']);
    });

    it('of an earlier run are held back like any action', async () => {
      const owed = { debt: restartOf('x.service'), step: 'one', why: ['Toy[a]' as const], since: 'then' };
      const { outcomes } = await runToy({ catalog: catalog(), types, debts: memoryDebts([owed]) });
      assert.equal(outcomes.unpaid[0]?.held, true);
      assert.equal(exitCodeOf(outcomes), EXIT.held);
    });

    it('of a step that is no longer there are paid too', async () => {
      const owed = { debt: restartOf('x.service'), step: 'gone', why: ['Toy[a]' as const], since: 'then' };
      const { outcomes } = await runToy({
        catalog: catalog(),
        types,
        debts: memoryDebts([owed]),
        consent: yes,
      });
      assert.equal(outcomes.paid.length, 1);
    });
  });

  it('leaves nothing to do for what converged, whatever the host was like (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), fc.option(fc.string())),
        async (hosts) => {
          const here = new World();
          const kinds = new Map([['Toy', toyType(here)]]);
          for (const [name, value] of Object.entries(hosts)) if (value !== null) here.values.set(name, value);
          const all = catalog(...Object.keys(hosts).map((name) => toy(name)));
          const first = await runToy({ catalog: all, types: kinds });
          assert.deepEqual(JSON.parse(JSON.stringify(first.plan)), first.plan);
          const second = await runToy({ catalog: all, types: kinds });
          assert.deepEqual(second.plan.resources, []);
        },
      ),
      { numRuns: 50 },
    );
  });
});
