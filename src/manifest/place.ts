/** From offsets to lines and columns. */
import type { Finding, Position, Problem } from './problem.ts';

/** A line that may give away a secret written in clear is not shown. */
const MAYBE_SECRET = /(?:pass|secret|token|credential|private)[\w-]*["']?\s*:\s*[^\s{[]/i;

export class Places {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** Index of the line that an offset is in. */
  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  position(offset: number): Position {
    const line = this.#lineOf(offset);
    const before = this.#text.slice(this.#starts[line], offset);
    return { line: line + 1, column: Array.from(before).length + 1 };
  }

  sourceLine(line: number): string | undefined {
    const text = this.#text.slice(this.#starts[line - 1], this.#starts[line] ?? this.#text.length);
    const shown = text.replace(/\r?\n$/, '');
    return MAYBE_SECRET.test(shown) ? undefined : shown;
  }

  problem(file: string, finding: Finding): Problem {
    const { offset, also, path, message, hint } = finding;
    const problem = { file, path, message: also === undefined ? message : this.#twice(message, also) };
    const hinted = hint === undefined ? problem : { ...problem, hint };
    if (offset === undefined) return hinted;
    const position = this.position(offset);
    const sourceLine = this.sourceLine(position.line);
    return { ...hinted, position, ...(sourceLine === undefined ? {} : { sourceLine }) };
  }

  #twice(message: string, also: number): string {
    const { line, column } = this.position(also);
    return `${message}; first in line ${line}, column ${column}`;
  }
}

/** By place; what has none comes first, and what shares one stays as it was found. */
export const byPlace = (a: Finding, b: Finding): number => (a.offset ?? -1) - (b.offset ?? -1);
