/** The HTML report as a browser shows it. `SCREENSHOTS=FOLDER` keeps what was seen, for a person to look at. */
import { strict as assert } from 'node:assert';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, type Look } from '../support/browser.ts';

const FOLDER = join(import.meta.dirname, '../golden/past-run');
const PAGES = readdirSync(FOLDER).filter((name) => name.endsWith('.html'));
const LOOKS: readonly Look[] = [
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
  { width: 1280, scheme: 'light' },
];

const brightness = (colour: string): number =>
  Math.max(...(colour.match(/\d+/g) ?? []).slice(0, 3).map(Number));

describe('the report in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  before(() => {
    browser = new Browser();
  });
  after(async () => {
    await browser.close();
  });

  for (const page of PAGES)
    it(`${page} fits a phone and a desk, light and dark, and asks for nothing`, async () => {
      for (const look of LOOKS) {
        const { width, background, colour, asked, png } = await browser.look(join(FOLDER, page), look);
        const name = `${page.replace('.html', '')}-${look.width}-${look.scheme}`;
        const folder = process.env['SCREENSHOTS'];
        if (folder !== undefined) {
          mkdirSync(folder, { recursive: true });
          writeFileSync(join(folder, `${name}.png`), png);
        }
        assert.ok(width <= look.width, `${name}: ${width} pixels wide`);
        assert.deepEqual(asked, [], name);
        const [paper, ink] = [brightness(background), brightness(colour)];
        const contrast = look.scheme === 'light' ? paper - ink : ink - paper;
        assert.ok(contrast > 120, `${name}: ${colour} on ${background}`);
      }
    });
});
