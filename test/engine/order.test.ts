import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Resource } from '../../src/engine/catalog.ts';
import { order, type Unordered } from '../../src/engine/order.ts';
import { refOf, type Ref } from '../../src/engine/resource-type.ts';
import { steps, toy } from '../support/toy.ts';

const unordered = (resource: Resource, derives: readonly Ref[] = []): Unordered => ({ resource, derives });
const names = (resources: readonly Resource[]) => resources.map(({ ref }) => ref);
const STEPS = steps('one', 'two', 'three');

describe('order', () => {
  it('keeps declaration order where nothing is required', () => {
    const all = ['c', 'a', 'b'].map((name) => unordered(toy(name)));
    assert.deepEqual(names(order(all, STEPS).resources), ['Toy[c]', 'Toy[a]', 'Toy[b]']);
  });

  it('puts steps first, and what is required before what requires it', () => {
    const all = [
      unordered(toy('late', { step: 'two' })),
      unordered(toy('a', { requires: ['Toy[b]'] })),
      unordered(toy('b')),
    ];
    assert.deepEqual(names(order(all, STEPS).resources), ['Toy[b]', 'Toy[a]', 'Toy[late]']);
  });

  it('drops derived names that are not in the catalog or come in a later step', () => {
    const all = [
      unordered(toy('a'), ['Toy[none]', 'Toy[late]', 'Toy[a]']),
      unordered(toy('late', { step: 'two' })),
    ];
    const { resources, problems } = order(all, STEPS);
    assert.deepEqual(problems, []);
    assert.deepEqual(resources[0]?.requires, []);
  });

  it('reports a named requirement that is missing or comes in a later step', () => {
    const all = [
      unordered(toy('a', { requires: ['Toy[none]', 'Toy[late]'] })),
      unordered(toy('late', { step: 'two' })),
    ];
    assert.deepEqual(
      order(all, STEPS).problems.map(({ message }) => message),
      [
        'Toy[a] requires Toy[none], which is not in the manifest',
        'Toy[a] requires Toy[late], which comes in a later step',
      ],
    );
  });

  it('names the whole cycle', () => {
    const all = [
      unordered(toy('outside', { requires: ['Toy[a]'] })),
      unordered(toy('a', { requires: ['Toy[b]'] })),
      unordered(toy('b', { requires: ['Toy[c]'] })),
      unordered(toy('c', { requires: ['Toy[a]'] })),
    ];
    assert.deepEqual(
      order(all, STEPS).problems.map(({ message }) => message),
      ['these require each other in a circle: Toy[a] → Toy[b] → Toy[c] → Toy[a]'],
    );
  });

  it('does not run out of stack on a chain of 20,000', () => {
    const all = Array.from({ length: 20_000 }, (_, index) =>
      unordered(toy(`n${index}`, { requires: index === 19_999 ? [] : [refOf('Toy', `n${index + 1}`)] })),
    );
    assert.equal(order(all, STEPS).resources[0]?.ref, 'Toy[n19999]');
  });

  // Requirements only point to smaller numbers, so there is no cycle; the declarations are shuffled.
  const graphs = fc
    .array(
      fc.record({ needs: fc.array(fc.nat(30), { maxLength: 4 }), step: fc.constantFrom('one', 'two') }),
      {
        minLength: 1,
        maxLength: 30,
      },
    )
    .chain((nodes) => {
      const all = nodes.map(({ needs, step }, index) =>
        unordered(
          toy(`n${index}`, { step }),
          [...new Set(needs)].filter((need) => need < index).map((need) => refOf('Toy', `n${need}`)),
        ),
      );
      return fc.shuffledSubarray(all, { minLength: all.length });
    });

  it('is a topological order, with every resource once (property)', () => {
    fc.assert(
      fc.property(graphs, (all) => {
        const { resources, problems } = order(all, STEPS);
        assert.deepEqual(problems, []);
        assert.equal(new Set(names(resources)).size, all.length);
        const place = new Map(resources.map(({ ref }, index) => [ref, index]));
        for (const { ref, requires } of resources)
          for (const needed of requires) assert.ok(place.get(needed)! < place.get(ref)!);
      }),
    );
  });

  it('is stable: ordering what is ordered changes nothing (property)', () => {
    fc.assert(
      fc.property(graphs, (all) => {
        const { resources } = order(all, STEPS);
        const again = order(
          resources.map((resource) => unordered({ ...resource, requires: [] }, resource.requires)),
          STEPS,
        );
        assert.deepEqual(names(again.resources), names(resources));
      }),
    );
  });
});
