/** Past runs in each form, as files. `UPDATE_GOLDEN=1` writes them anew; then look at them. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HistoryEntry, KeptRun } from '../../src/engine/kept-run.ts';
import type { RunSummary } from '../../src/engine/run-summary.ts';
import { historyText } from '../../src/report/history-text.ts';
import { htmlText } from '../../src/report/html.ts';
import { junitText } from '../../src/report/junit.ts';
import { paintFor } from '../../src/report/paint.ts';
import { pastRunText } from '../../src/report/past-run-text.ts';
import { prometheusText } from '../../src/report/prometheus.ts';
import { fixturesIn } from '../support/fixtures.ts';

const FOLDER = join(import.meta.dirname, '../golden/past-run');
const plain = paintFor(false);

const golden = (name: string, text: string): void => {
  const path = join(FOLDER, name);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
  assert.equal(text, readFileSync(path, 'utf8'));
};

const wellFormed = (xml: string): void => {
  execFileSync(
    'python3',
    ['-c', 'import sys, xml.dom.minidom as m; m.parseString(sys.stdin.buffer.read())'],
    {
      input: xml,
    },
  );
};

const cases = fixturesIn<KeptRun>(FOLDER);

describe('a past run', () => {
  for (const { name, data } of cases) {
    it(`${name}, for people`, () => {
      golden(`${name}.txt`, pastRunText(data, plain));
    });
    it(`${name}, as metrics`, () => {
      golden(`${name}.prom`, prometheusText(data));
    });
    it(`${name}, as JUnit`, () => {
      const xml = junitText(data);
      golden(`${name}.xml`, xml);
      wellFormed(xml);
    });
    it(`${name}, as a page without anything that runs or is loaded`, () => {
      const html = htmlText(data);
      golden(`${name}.html`, html);
      assert.doesNotMatch(html, /<script|<b>|s3cret|\x1b|\bsrc=|https?:|url\(/);
      wellFormed(html.replace('<!DOCTYPE html>', '').replaceAll(/<meta [^>]*>/g, ''));
    });
  }
});

describe('the history as a table', () => {
  const quiet = (number: number): RunSummary => ({
    ...(cases.find(({ name }) => name === 'in-sync')!.data.entry as RunSummary),
    run: `20261127T21000${number}Z-00000b`,
    at: `2026-11-27T21:00:0${number}.000Z`,
  });
  const entries: HistoryEntry[] = [
    ...cases.map(({ data }) => data.entry),
    ...[1, 2, 3].map(quiet),
    ...([0, 2, 3, 4, 99, 143] as const).map((exitCode) => ({ ...quiet(4), exitCode, owed: 1 })),
    { ...quiet(5), does: 'check', owed: 1 },
  ];

  it('has runs in sync in one line', () => {
    golden('history.txt', historyText(entries, 100, plain));
  });
  it('is short if wanted, and says when there is nothing', () => {
    assert.match(historyText(entries, 2, plain), /^… \d+ earlier lines \(--limit\)\n[^\n]+\n[^\n]+\n$/);
    assert.equal(historyText([], 2, plain), 'no run is kept yet\n');
  });
});
