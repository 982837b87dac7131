/** The page of the fault cases names tests: each of them is there. */
import { strict as assert } from 'node:assert';
import fs from 'fs-extra';

const ROOT = `${import.meta.dirname}/..`;
const PAGE = fs.readFileSync(`${ROOT}/docs/fault-cases.md`, 'utf8');
const rows = PAGE.split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (Fault|-)/.test(line))
  .map((line) => line.split(/ +\| +/));

describe('fault cases', () => {
  it('are as many as there are, each with its own words', () => {
    assert.ok(rows.length >= 25);
    assert.equal(new Set(rows.map(([fault]) => fault)).size, rows.length);
  });

  for (const [fault = '', , shown = ''] of rows)
    it(`${fault.slice(2)}: shown by tests that are there`, () => {
      const files = [...shown.matchAll(/`(test\/\S+\.ts)`((?:,? "[^"]+")+)/g)];
      assert.ok(files.length > 0, 'no test is named');
      for (const [, file = '', titles = ''] of files) {
        const text = fs.readFileSync(`${ROOT}/${file}`, 'utf8');
        for (const [, title = ''] of titles.matchAll(/"([^"]+)"/g))
          assert.ok(text.includes(title), `${file} has no test "${title}"`);
      }
    });
});
