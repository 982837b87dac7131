/** What is wrong with a manifest, as text: the place, what was expected, the line itself and a caret. */
import type { Problem } from '../manifest/problem.ts';
import { escapeUnsafe, showPath } from '../manifest/show.ts';

/** Columns of the source line that are shown; of a longer one, those around the caret. */
const WIDTH = 96;

/** Characters that take two columns of a terminal: East Asian scripts, full-width forms, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u;

const show = (character: string): string => (character === '\t' ? '  ' : escapeUnsafe(character));

const columns = (shown: readonly string[]): number =>
  shown.reduce((sum, text) => sum + (WIDE.test(text) ? 2 : text.length), 0);

interface Excerpt {
  readonly text: string;
  readonly indent: number;
}

const excerpt = (line: string, column: number): Excerpt => {
  const shown = Array.from(line).map(show);
  const caret = Math.min(column - 1, shown.length);
  const start = shown.length <= WIDTH || caret < WIDTH / 2 ? 0 : caret - WIDTH / 2;
  const end = Math.min(shown.length, start + WIDTH);
  const [before, after] = [start > 0 ? '…' : '', end < shown.length ? '…' : ''];
  return {
    text: `${before}${shown.slice(start, end).join('')}${after}`,
    indent: before.length + columns(shown.slice(start, caret)),
  };
};

const headline = ({ file, position, path, message }: Problem): string => {
  const place = position === undefined ? '' : `:${position.line}:${position.column}`;
  const at = path.length === 0 ? '' : `${showPath(path)}: `;
  return `${escapeUnsafe(file)}${place}: ${at}${escapeUnsafe(message)}`;
};

const render = (problem: Problem): string => {
  const { position, sourceLine } = problem;
  const hint = problem.hint === undefined ? '' : escapeUnsafe(problem.hint);
  if (position === undefined || sourceLine === undefined)
    return `${headline(problem)}${hint === '' ? '' : `; ${hint}`}\n`;
  const { text, indent } = excerpt(sourceLine, position.column);
  const number = String(position.line).padStart(5);
  const pointer = `${' '.repeat(5)} | ${' '.repeat(indent)}^ ${hint}`.trimEnd();
  return `${headline(problem)}\n${`${number} | ${text}`.trimEnd()}\n${pointer}\n`;
};

/** All problems, in their order, and how many there are. */
export const renderProblems = (problems: readonly Problem[]): string => {
  const count = problems.length === 1 ? '1 error' : `${problems.length} errors`;
  return `${problems.map(render).join('\n')}\n${count}; nothing was changed\n`;
};
