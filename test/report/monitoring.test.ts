/** Alerts and panels ask for what phoenix writes, by names and labels that it has. */
import { strict as assert } from 'node:assert';
import fs from 'fs-extra';
import { parse } from 'yaml';
import type { RunSummary } from '../../src/engine/run-summary.ts';
import { prometheusText } from '../../src/report/prometheus.ts';

const FOLDER = new URL('../../resources/monitoring/', import.meta.url).pathname;
const entry: RunSummary = {
  run: 'R',
  at: '2026-11-27T12:00:00.000Z',
  does: 'setup',
  by: 'root',
  version: '1',
  manifest: 'abc',
  exitCode: 0,
  milliseconds: 1,
  inSync: 1,
  actions: 0,
  owed: 0,
  differed: [],
};

interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
}
const labelsOf = (text = ''): Map<string, string> =>
  new Map([...text.matchAll(/(\w+)(?:=|!=|=~)"([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
const samplesIn = (text: string): Sample[] =>
  [...text.matchAll(/(?<!\w)(phoenix_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', labels]) => ({
    name,
    labels: labelsOf(labels),
  }));
const WRITTEN = samplesIn(
  prometheusText({ host: 'h', entry })
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n'),
);
/** Prometheus adds these, or Grafana fills them in. */
const ADDED = new Set(['instance']);

const assertWritten = (expression: string): void => {
  const asked = samplesIn(expression);
  assert.ok(asked.length > 0, expression);
  for (const { name, labels } of asked)
    assert.ok(
      WRITTEN.some(
        (one) =>
          one.name === name &&
          [...labels].every(([label, value]) => ADDED.has(label) || one.labels.get(label) === value),
      ),
      `${name} of ${expression}`,
    );
};

describe('monitoring', () => {
  it('has alerts that each say what to do', () => {
    const { groups } = parse(fs.readFileSync(`${FOLDER}phoenix.rules.yml`, 'utf8')) as {
      groups: {
        rules: {
          alert: string;
          expr: string;
          labels: Record<string, string>;
          annotations: Record<string, string>;
        }[];
      }[];
    };
    const rules = groups.flatMap((group) => group.rules);
    assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length);
    for (const { alert, expr, labels, annotations } of rules) {
      assertWritten(expr);
      assert.match(labels['severity'] ?? '', /^(critical|warning|info)$/, alert);
      assert.match(annotations['description'] ?? '', /phoenix (setup|report|history|schedule)/, alert);
      assert.match(annotations['summary'] ?? '', /\{\{ \$labels\.instance \}\}/, alert);
    }
  });

  it('has a dashboard whose panels show what is written', () => {
    const { panels } = fs.readJsonSync(`${FOLDER}phoenix-dashboard.json`) as {
      panels: { id: number; targets: { expr: string }[] }[];
    };
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    for (const { targets } of panels) for (const { expr } of targets) assertWritten(expr);
    const shown = new Set(
      panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => samplesIn(expr))).map(({ name }) => name),
    );
    for (const { name } of WRITTEN) assert.ok(shown.has(name) || name === 'phoenix_last_run_success', name);
  });
});
