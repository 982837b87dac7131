import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { compareVersions } from '../../src/facts/debian-version.ts';

/** Upstream versions start with a digit; few characters, so that near misses are common. */
const part = (characters: string) =>
  fc.string({ unit: fc.constantFrom(...characters.split('')), maxLength: 6 });
const version = fc
  .tuple(
    fc.option(fc.nat(3), { nil: undefined }),
    part('019az.+~-'),
    fc.option(part('019az.+~'), { nil: undefined }),
  )
  .map(([epoch, upstream, revision]) => {
    const head = epoch === undefined ? '' : `${epoch}:`;
    return `${head}1${upstream}${revision ? `-${revision}` : '-0'}`;
  });

const dpkgSays = (a: string, relation: string, b: string): boolean =>
  spawnSync('dpkg', ['--compare-versions', a, relation, b]).status === 0;

describe('Debian versions', () => {
  for (const [older, newer] of [
    ['1.0', '1.1'],
    ['1.9', '1.10'],
    ['1.0~rc1', '1.0'],
    ['1.0~~', '1.0~'],
    ['1.0', '1.0+deb12u1'],
    ['1.0a', '1.0+'],
    ['9.0', '1:0.1'],
    ['1.0', '1.0-1'],
    ['1.0-1', '1.0-1.1'],
    ['1-2-1', '1-2-2'],
    ['20251231235959999999998', '20251231235959999999999'],
  ] as const)
    it(`orders ${older} before ${newer}`, () => {
      assert.ok(compareVersions(older, newer) < 0);
      assert.ok(compareVersions(newer, older) > 0);
    });

  it('takes leading zeros and a missing epoch or revision as nothing', () => {
    assert.equal(compareVersions('1.02', '0:1.2-0'), 0);
  });

  it('orders as dpkg does', function () {
    if (spawnSync('dpkg', ['--version']).status !== 0) return; // not a Debian machine
    this.timeout(60_000);
    fc.assert(
      fc.property(version, version, (a, b) => {
        const order = compareVersions(a, b);
        assert.equal(dpkgSays(a, 'lt', b), order < 0, `${a} lt ${b}`);
        assert.equal(dpkgSays(a, 'eq', b), order === 0, `${a} eq ${b}`);
      }),
      { numRuns: 200 },
    );
  });

  it('is an order: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        assert.equal(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a)), 0);
        const [low, middle, high] = [a, b, c].sort(compareVersions) as [string, string, string];
        assert.ok(compareVersions(low, middle) <= 0 && compareVersions(low, high) <= 0);
      }),
    );
  });
});
