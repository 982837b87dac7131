/** Texts of the report as files: the events of a run in, what is printed out. `UPDATE_GOLDEN=1` writes them anew. */
import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../src/engine/events.ts';
import type { Explanation } from '../../src/engine/explanation.ts';
import { explanationText } from '../../src/report/explanation-text.ts';
import { paintFor } from '../../src/report/paint.ts';
import { jsonReport, textReport } from '../../src/report/run-report.ts';
import { notesOn, progressOn } from '../../src/report/progress.ts';
import { fixturesIn } from '../support/fixtures.ts';

const FOLDER = join(import.meta.dirname, '../golden/report');
const plain = paintFor(false);

interface Case {
  events?: RunEvent[];
  explanation?: Explanation;
}

const golden = (name: string, text: string): void => {
  const path = join(FOLDER, name);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
  assert.equal(text, readFileSync(path, 'utf8'));
};

describe('the report', () => {
  for (const { name, data } of fixturesIn<Case>(FOLDER)) {
    const { events, explanation } = data;
    if (explanation !== undefined)
      it(`of ${name}`, () => {
        golden(`${name}.txt`, explanationText(explanation, plain));
      });
    if (events === undefined) continue;
    it(`of ${name}, for people`, () => {
      let text = '';
      const listen = textReport((part) => (text += part), plain, true);
      for (const event of events) listen(event);
      golden(`${name}.txt`, text);
      assert.doesNotMatch(text, /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
    });
    it(`of ${name}, as records`, () => {
      const lines: string[] = [];
      const listen = jsonReport((line) => lines.push(line), '1.2.3');
      for (const event of events) listen(event);
      assert.equal(lines[0], '{"type":"version","schema":"1.0","phoenix":"1.2.3"}\n');
      for (const [index, line] of lines.slice(1).entries()) {
        const { type, at, ...fields } = JSON.parse(line) as { type: string; at: string };
        const { event, ...given }: RunEvent = events[index]!;
        assert.equal(type, event.replaceAll(' ', '-'));
        assert.match(at, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
        assert.deepEqual(Object.keys(fields), Object.keys(given));
        if (!JSON.stringify(given).includes('s3cret'))
          assert.deepEqual(fields, JSON.parse(JSON.stringify(given)));
        assert.doesNotMatch(line, /s3cret/);
        assert.match(line, /^[^\n]+\n$/);
      }
    });
  }

  it('is silent when all is in sync and nobody looks', () => {
    let text = '';
    const listen = textReport((part) => (text += part), plain, false);
    listen({ event: 'plan', plan: { resources: [], inSync: 3, owed: [] }, check: false });
    listen({ event: 'end', exitCode: 0, milliseconds: 12, inSync: 3 });
    assert.equal(text, '');
  });
});

describe('progress', () => {
  const events: RunEvent[] = [
    { event: 'note', level: 'warning', message: 'run r1 was cut off\u001b[2J' },
    { event: 'note', level: 'info', message: 'nothing to see' },
    { event: 'step begins', step: 'initial', number: 1 },
    ...(['action begins', 'action done'] as const).map((event) => ({
      event,
      ref: 'Toy[a]' as const,
      action: {
        does: { op: 'put' },
        description: 'put a\u001b\nb',
        risk: 'safe' as const,
        changes: [],
        undo: { none: '' },
      },
      risk: 'safe' as const,
      milliseconds: 12.3,
    })),
    { event: 'action goes on', ref: 'Toy[b]', text: '5 s left\nthen' },
    { event: 'end', exitCode: 0, milliseconds: 1, inSync: 0 },
  ];
  const told = (isTTY: boolean, verbose: boolean): string => {
    let text = '';
    const listen = progressOn({ isTTY, write: (part) => (text += part) }, verbose);
    for (const event of events) listen(event);
    return text;
  };

  it('is one line on a terminal, which is wiped', () => {
    assert.equal(
      told(true, false),
      '\r\x1b[KToy[a]: put a\\x1b b …\r\x1b[K\r\x1b[KToy[b]: 5 s left then …\r\x1b[K',
    );
  });
  it('is nothing without a terminal, unless it is wanted', () => {
    assert.equal(told(false, false), '');
    assert.equal(
      told(false, true),
      'step 1, initial\ndone in 12 ms: Toy[a]: put a\\x1b\nb\nToy[b]: 5 s left then\n',
    );
  });
  it('leaves warnings to those who have no log on standard error', () => {
    let text = '';
    const listen = notesOn({ write: (part) => (text += part) });
    for (const event of events) listen(event);
    assert.equal(text, 'phoenix: run r1 was cut off\\x1b[2J\n');
  });
});
