import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import fs from 'fs-extra';
import fc from 'fast-check';
import { BOUNDS, prunable, prune } from '../../src/host/prune.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NOW = Date.parse('2026-11-27T00:00:00Z');
const DAY = 86_400_000;

const runAt = (time: number, number = 0): string =>
  `${new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')}-${number.toString(16).padStart(6, '0')}`;
const daysAgo = (days: number): string => runAt(NOW - days * DAY);

describe('old runs', () => {
  const few = { always: 2, most: 4, days: 10 };

  it('go when they are old, or too many, but never the newest', () => {
    const runs = [40, 30, 20].map(daysAgo);
    assert.deepEqual(prunable(runs, NOW, [], few), [daysAgo(40)]);
    const young = [5, 4, 3, 2, 1].map(daysAgo);
    assert.deepEqual(prunable(young, NOW, [], few), [daysAgo(5)]);
    assert.deepEqual(prunable([daysAgo(400)], NOW, [], few), []);
  });

  it('stay from the run on that a debt is of', () => {
    const runs = [50, 40, 30, 20, 10].map(daysAgo);
    const since = new Date(NOW - 40 * DAY + 60_000).toISOString();
    assert.deepEqual(prunable(runs, NOW, [since], few), [daysAgo(50)]);
    assert.deepEqual(prunable(runs, NOW, [new Date(NOW - 99 * DAY).toISOString()], few), []);
  });

  it('stay if they began in the same second as the run that a debt is of', () => {
    const time = NOW - 40 * DAY;
    const runs = [runAt(time, 1), runAt(time, 2), ...[30, 20, 10].map(daysAgo), daysAgo(50)];
    assert.deepEqual(prunable(runs, NOW, [new Date(time + 500).toISOString()], few), [daysAgo(50)]);
  });

  it('never include the newest ones, in whatever order they are named (property)', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 2000 }), { maxLength: 700 }), (ages) => {
        const runs = ages.map(daysAgo);
        const newest = [...runs].sort().slice(-BOUNDS.always);
        const gone = new Set(prunable(runs, NOW, []));
        assert.ok(newest.every((run) => !gone.has(run)));
        assert.ok(runs.length - gone.size <= BOUNDS.most);
      }),
    );
  });

  describe('on the disk', () => {
    const folder = temporaryFolder();
    let state: string;
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    const backup = (content: string, age: number): string => {
      const hash = sha256(content);
      fs.outputFileSync(`${state}/backups/${hash}`, content);
      const at = new Date(NOW - age * DAY).toISOString();
      fs.appendFileSync(
        `${state}/backups/index.jsonl`,
        `${JSON.stringify({ at, path: '/x', sha256: hash })}\n`,
      );
      return hash;
    };
    const journal = (age: number, text: string): void => {
      fs.outputFileSync(`${state}/runs/${daysAgo(age)}/journal.jsonl`, text);
    };
    const left = (): string[] => fs.readdirSync(`${state}/backups`).sort();

    beforeEach(() => {
      state = `${folder.path}/state`;
      journal(40, '');
      journal(5, '');
      journal(1, '');
    });

    it('take with them what no run refers to any more, and nothing else', () => {
      const gone = backup('gone', 41);
      const referred = backup('referred', 41);
      const again = backup('again', 41);
      backup('again', 2);
      const young = backup('young', 3);
      fs.outputFileSync(`${state}/backups/%srv%dir.17`, 'a directory of somebody');
      const stranger = sha256('not in the index');
      fs.outputFileSync(`${state}/backups/${stranger}`, '');
      journal(1, `{"undo":{"by":{"op":"restore","sha256":"${referred}"}}}`);
      assert.equal(prune(state, [], NOW, few), 1);
      assert.deepEqual(fs.readdirSync(`${state}/runs`).sort(), [daysAgo(5), daysAgo(1)].sort());
      assert.deepEqual(left(), ['%srv%dir.17', again, 'index.jsonl', referred, stranger, young].sort());
      const index = fs.readFileSync(`${state}/backups/index.jsonl`, 'utf8');
      assert.ok(!index.includes(gone));
      assert.equal(index.split('\n').length, 5);
    });

    it('stay while one of them is under way', () => {
      fs.symlinkSync(`runs/${daysAgo(40)}`, `${state}/under-way`);
      const old = backup('old', 39);
      assert.equal(prune(state, [], NOW, few), 0);
      assert.ok(left().includes(old));
    });

    it('take nothing when there is no index, or what it says is not known', () => {
      fs.outputFileSync(`${state}/backups/${sha256('x')}`, 'x');
      assert.equal(prune(state, [], NOW, few), 1);
      assert.deepEqual(left(), [sha256('x')]);
    });

    it('keeps what the way back or a debt speaks of, and passes over damaged lines', () => {
      const armed = backup('armed', 41);
      fs.appendFileSync(`${state}/backups/index.jsonl`, '{"at":\n');
      fs.outputFileSync(`${state}/way-back/last.json`, `{"sha256":"${armed}"}`);
      const gone = backup('gone', 41);
      prune(state, [], NOW, few);
      assert.ok(left().includes(armed));
      assert.ok(!left().includes(gone));
      assert.match(fs.readFileSync(`${state}/backups/index.jsonl`, 'utf8'), /\{"at":\n/);
    });
  });
});
