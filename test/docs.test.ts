/** The pages lead somewhere, and what they tell to type can be typed. */
import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describedCommands } from '../scripts/described-commands.ts';

const pagesIn = (folder: string, recursive: boolean): string[] =>
  readdirSync(folder, { recursive, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));

const PAGES = [...pagesIn('.', false), ...pagesIn('docs', true), ...pagesIn('resources', true)].map(
  (path) => ({
    path,
    text: readFileSync(path, 'utf8'),
  }),
);

const FENCE = /^```(\w*)\n([^]*?)^```$/gm;
const proseOf = (text: string): string => text.replace(FENCE, '');

/** As GitHub makes them from headings. */
const anchorsOf = (text: string): string[] =>
  [...proseOf(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/[^\p{L}\d _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const linksIn = (text: string): string[] =>
  [
    ...proseOf(text)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ]
    .map(([, link = '']) => link)
    .filter((link) => !/^https?:/.test(link));

/** What is wrong with a link, if anything. */
const faultOf = (from: string, link: string): string | undefined => {
  const [page = '', anchor] = link.split('#');
  const target = page === '' ? from : normalize(join(dirname(from), page));
  if (!existsSync(target)) return `${from}: ${link} is not there`;
  if (anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).includes(anchor)) return undefined;
  return `${from}: ${link} has no such heading`;
};

const IN_SHELL = /^(?:sudo )?(?:\S*\/)?phoenix ([^#;|&]*)/;

/** What follows `phoenix` in lines of shell, and between backticks in prose, as words. */
const typedIn = (text: string): string[][] => {
  const shell = [...text.matchAll(FENCE)]
    .filter(([, language]) => language === 'sh')
    .flatMap(([, , lines = '']) => lines.split('\n'))
    .flatMap((line) => IN_SHELL.exec(line)?.[1] ?? []);
  const prose = [...proseOf(text).matchAll(/`(?:sudo )?phoenix ([a-z][^`]*)`/g)].map(([, rest = '']) => rest);
  return [...shell, ...prose].map((rest) => rest.trim().split(/\s+/));
};

describe('the documentation', () => {
  it('has no link that leads nowhere', () => {
    const faults = PAGES.flatMap(({ path, text }) =>
      linksIn(text).flatMap((link) => faultOf(path, link) ?? []),
    );
    assert.deepEqual(faults, []);
  });

  it('has no page that no other leads to', () => {
    const linked = new Set(
      PAGES.flatMap(({ path, text }) =>
        linksIn(text).map((link) => normalize(join(dirname(path), link.split('#')[0] ?? ''))),
      ),
    );
    const lost = PAGES.map(({ path }) => path).filter((path) => path !== 'README.md' && !linked.has(path));
    assert.deepEqual(lost, []);
  });

  it('tells to type only commands and flags that there are', async () => {
    const flagsOf = new Map(
      (await describedCommands()).map(({ id, flags }) => [id, flags.map(({ name }) => name)]),
    );
    const faults: string[] = [];
    let seen = 0;
    // decisions speak of commands that are for phoenix alone
    for (const { path, text } of PAGES.filter(({ path }) => !path.startsWith('docs/decisions')))
      for (const [command = '', ...words] of typedIn(text)) {
        if (command.startsWith('-')) continue;
        seen += 1;
        const flags = flagsOf.get(command);
        const wrong = words
          .flatMap((word) => /^--([\w-]+)/.exec(word)?.[1] ?? [])
          .filter((flag) => !(flags ?? []).some((one) => flag === one || flag === `no-${one}`));
        if (flags === undefined || wrong.length > 0) faults.push(`${path}: ${[command, ...words].join(' ')}`);
      }
    assert.deepEqual(faults, []);
    assert.ok(seen > 100, `only ${seen} commands found`);
  });
});
