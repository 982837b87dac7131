import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import type { RunSummary } from '../../src/engine/run-summary.ts';
import { isAppliedOf, readApplied, writeApplied } from '../../src/host/applied-file.ts';
import { appendHistory, MAX_HISTORY, readHistory } from '../../src/host/history-file.ts';
import { readReport, runFolders } from '../../src/host/run-folder.ts';
import { pastRun, pastRuns } from '../../src/setup/past-runs.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const summary = (run: string, more: Partial<RunSummary> = {}): RunSummary => ({
  run,
  at: '2026-01-02T03:04:05.000Z',
  does: 'setup',
  by: 'root',
  version: '1',
  manifest: 'abc',
  exitCode: 0,
  milliseconds: 12,
  inSync: 3,
  actions: 0,
  owed: 0,
  differed: [],
  ...more,
});

describe('the history', () => {
  const folder = temporaryFolder();
  let state: string;
  const path = (): string => `${state}/history.jsonl`;
  const runs = async () => (await readHistory(state)).map(({ run }) => run);

  beforeEach(() => {
    state = `${folder.path}/state`;
  });

  it('comes back as it was written', async () => {
    assert.deepEqual(await readHistory(state), []);
    const full = summary('a', {
      exitCode: 4,
      differed: [
        { ref: 'T[a]', is: 'drift', origin: 'drift', result: 'converged' },
        { ref: 'T[b]', is: 'unknown' },
      ],
      more: 7,
    });
    appendHistory(state, full);
    appendHistory(state, summary('b', { does: 'check' }));
    assert.deepEqual(await readHistory(state), [full, summary('b', { does: 'check' })]);
    assert.equal(fs.statSync(path()).mode & 0o777, 0o600);
  });

  it('passes over what is damaged, and does not lose the next line to one that is unfinished', async () => {
    appendHistory(state, summary('a'));
    fs.appendFileSync(path(), '\0\0\0\n17\n{"run":"half"');
    appendHistory(state, summary('b'));
    assert.deepEqual(await runs(), ['a', 'b']);
  });

  it('is cut to its newer half when it has grown too large', async () => {
    const count = 40;
    const by = 'x'.repeat(MAX_HISTORY / count);
    for (let run = 0; run < count; run += 1)
      appendHistory(state, summary(String(run).padStart(3, '0'), { by }));
    const left = await runs();
    assert.ok(left.length < count && left.length >= count / 2 - 1, String(left.length));
    assert.equal(left.at(-1), '039');
    assert.ok(fs.statSync(path()).size <= MAX_HISTORY);
  });

  describe('with the folders of runs', () => {
    const A = '20260101T000000Z-00000a';
    const B = '20260102T000000Z-00000b';
    beforeEach(() => {
      fs.ensureDirSync(`${state}/runs/${B}`);
      fs.ensureDirSync(`${state}/runs/not-a-run`);
      appendHistory(state, summary(A, { at: '2026-01-01T00:00:00.000Z' }));
    });

    it('names runs that were cut off, and what they were doing', async () => {
      assert.deepEqual((await pastRuns(state))[1], { run: B, at: '2026-01-02T00:00:00.000Z' });
      fs.writeFileSync(
        `${state}/runs/${B}/journal.jsonl`,
        '{"is":"begin","n":1,"ref":"T[a]","description":"make a"}\n',
      );
      const kept = await pastRun(state, 'host', undefined);
      assert.deepEqual(kept.entry, {
        run: B,
        at: '2026-01-02T00:00:00.000Z',
        during: { ref: 'T[a]', description: 'make a' },
      });
    });

    it('has runs of one second in the order in which they ran, whatever their names', async () => {
      const at = (milliseconds: number) => `2026-01-03T00:00:00.${milliseconds}Z`;
      appendHistory(state, summary('20260103T000000Z-ffffff', { at: at(100) }));
      appendHistory(state, summary('20260103T000000Z-000000', { at: at(900) }));
      assert.equal((await pastRun(state, 'host', undefined)).entry.run, '20260103T000000Z-000000');
    });

    it('finds a run by the beginning of its name, if only one begins so', async () => {
      assert.equal((await pastRun(state, 'host', '20260101')).entry.run, A);
      await assert.rejects(
        pastRun(state, 'host', '2026'),
        /2026 may be any of 2 runs: 20260101T000000Z-00000a, /,
      );
      await assert.rejects(pastRun(state, 'host', '2025'), /no run 2025 is kept/);
      await assert.rejects(pastRun(`${state}/none`, 'host', undefined), /no run is kept yet/);
    });

    it('has no report where it is damaged', async () => {
      fs.writeFileSync(`${state}/runs/${B}/report.json`, '{"plan":{"resources":[17]},"outcomes":{}}');
      assert.equal(await readReport(state, B), undefined);
      assert.deepEqual(runFolders(state), [B]);
      assert.deepEqual(runFolders(`${state}/none`), []);
    });
  });

  it('of how resources were declared is nothing when it is damaged', () => {
    const applied = { catalog: 'c', resources: new Map([['T[a]', '1']] as const) };
    writeApplied(state, applied);
    assert.deepEqual(readApplied(state), applied);
    assert.deepEqual(
      [isAppliedOf(state, 'c'), isAppliedOf(state, 'cc'), isAppliedOf(state, '')],
      [true, false, false],
    );
    for (const content of ['', '{', 'null', '{"catalog":1}', '[]']) {
      fs.writeFileSync(`${state}/applied.json`, content);
      assert.equal(readApplied(state).resources.size, 0, content);
      assert.equal(isAppliedOf(state, 'c'), false, content);
    }
  });
});
