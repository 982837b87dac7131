import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import fc from 'fast-check';
import { z } from 'zod';
import type { OwedDebt } from '../../src/engine/plan.ts';
import { debtsIn } from '../../src/host/debt-file.ts';
import { writeReport } from '../../src/host/report-file.ts';
import { readState, writeCache, writeState } from '../../src/host/state-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const owed = (unit: string, why: OwedDebt['why'] = ['File[/etc/a]']): OwedDebt => ({
  debt: {
    kind: 'SystemdUnit',
    does: { op: 'restart', unit } as never,
    description: `restart ${unit}`,
    risk: 'disruptive',
  },
  step: 'resources',
  why,
  since: '2026-01-02T03:04:05.000Z',
});

describe('the state directory', () => {
  const folder = temporaryFolder();
  const warnings: string[] = [];
  const warn = (message: string): void => {
    warnings.push(message);
  };
  let state: string;

  beforeEach(() => {
    state = `${folder.path}/state`;
    warnings.length = 0;
  });

  describe('its files', () => {
    const schema = () => Promise.resolve(z.strictObject({ a: z.number() }));
    const read = () => readState(state, 'x.json', schema, warn);

    it('come back as they were written; what is not there is not there', async () => {
      assert.equal(await read(), undefined);
      writeState(state, 'x.json', { a: 1 });
      assert.deepEqual(await read(), { a: 1 });
      assert.equal(fs.statSync(`${state}/x.json`).mode & 0o777, 0o600);
      assert.equal(fs.statSync(state).mode & 0o777, 0o700);
      assert.deepEqual(warnings, []);
    });

    it('are set aside with a word when they are damaged, or of another version', async () => {
      fs.ensureDirSync(state);
      for (const content of ['', '{"a":1', '{"a":"1"}', '{"a":1,"b":2}', 'null', '\0\0\0', '[]']) {
        fs.writeFileSync(`${state}/x.json`, content);
        assert.equal(await read(), undefined, content);
        assert.equal(fs.existsSync(`${state}/x.json`), false);
      }
      assert.equal(warnings.length, 7);
      assert.match(
        warnings[0]!,
        /x\.json was damaged; it is set aside as .*x\.json\.damaged-\d+ and not used$/,
      );
    });

    it('are set aside when something else is in their place', async () => {
      fs.ensureDirSync(`${state}/x.json`);
      assert.equal(await read(), undefined);
      writeState(state, 'x.json', { a: 1 });
      assert.deepEqual(await read(), { a: 1 });
    });

    it('are never half of what they were, whatever byte is lost (property)', async () => {
      writeState(state, 'x.json', { a: 123_456 });
      const whole = fs.readFileSync(`${state}/x.json`);
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length - 2), async (length) => {
          fs.writeFileSync(`${state}/x.json`, whole.subarray(0, length));
          assert.equal(await read(), undefined);
        }),
        { numRuns: 20 },
      );
    });

    it('that are caches do not touch what another run is writing', () => {
      writeCache(state, 'cache', 'text');
      fs.writeFileSync(`${state}/.phoenix-tmp-other`, 'half');
      writeCache(state, 'cache', 'more');
      assert.deepEqual(fs.readdirSync(state).sort(), ['.phoenix-tmp-other', 'cache']);
      assert.equal(fs.readFileSync(`${state}/cache`, 'utf8'), 'more');
    });
  });

  describe('its debts', () => {
    it('are there for the next run, once each, with everyone who asked', async () => {
      const debts = await debtsIn(state, warn);
      assert.deepEqual(debts.owed, []);
      assert.equal(debts.add(owed('a.service')), true);
      assert.equal(debts.add(owed('a.service', ['File[/etc/b]', 'File[/etc/a]'])), false);
      assert.equal(debts.add(owed('a.service')), false);
      assert.equal(debts.add(owed('b.service')), true);
      const next = await debtsIn(state, warn);
      assert.deepEqual(next.owed, [owed('a.service', ['File[/etc/a]', 'File[/etc/b]']), owed('b.service')]);
      next.remove(owed('a.service'));
      assert.deepEqual((await debtsIn(state, warn)).owed, [owed('b.service')]);
      assert.deepEqual(warnings, []);
    });

    it('that are damaged are set aside, and none are owed', async () => {
      (await debtsIn(state, warn)).add(owed('a.service'));
      fs.writeFileSync(`${state}/debts.json`, '[{"debt":{}}]');
      assert.deepEqual((await debtsIn(state, warn)).owed, []);
      assert.equal(warnings.length, 1);
    });
  });

  it('keeps how a run ended', () => {
    writeReport(state, 'r1', { exitCode: 0 });
    assert.deepEqual(fs.readJsonSync(`${state}/runs/r1/report.json`), { exitCode: 0 });
  });
});
