import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { distance, nearest } from '../../src/manifest/nearest.ts';

describe('did you mean', () => {
  it('counts insertions, deletions, replacements and swapped neighbours', () => {
    assert.equal(distance('presnt', 'present'), 1);
    assert.equal(distance('presentt', 'present'), 1);
    assert.equal(distance('prezent', 'present'), 1);
    assert.equal(distance('persent', 'present'), 1);
    assert.equal(distance('', 'abc'), 3);
  });

  it('is a distance: symmetric, zero only between equals, never above the longer word', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const found = distance(a, b);
        assert.equal(found, distance(b, a));
        assert.equal(found === 0, a === b);
        assert.ok(found <= Math.max(a.length, b.length));
      }),
    );
  });

  it('finds the nearest word, whatever its case, and none that is far', () => {
    assert.equal(nearest('hostnam', ['domain', 'hostname']), 'hostname');
    assert.equal(nearest('HostName', ['hostname']), 'hostname');
    assert.equal(nearest('abc', ['xyz', 'abcdef']), undefined);
    assert.equal(nearest('ab', ['cd']), undefined);
    assert.equal(nearest('x'.repeat(100), ['x'.repeat(99)]), undefined);
  });
});
