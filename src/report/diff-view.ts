/** A unified diff of two texts, bounded in time and size, that no content can use to write on the terminal. */
import { structuredPatch } from 'diff';
import { escapeControls } from '../host/display.ts';
import type { Paint } from './paint.ts';

const CONTEXT = 3;
const MAX_LINES = 200;
const MAX_LINE = 400;
const MAX_TEXT = 256 * 1024;
/** The worst case is quadratic; when it takes longer than this (milliseconds) only sizes are told. */
const TIMEOUT = 500;

const shorten = (line: string): string => (line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line);

const paintLine = (line: string, paint: Paint): string => {
  if (line.startsWith('+')) return paint.good(line);
  return line.startsWith('-') ? paint.bad(line) : paint.faint(line);
};

const sizes = (from: string, to: string): string =>
  `${Buffer.byteLength(from)} bytes → ${Buffer.byteLength(to)} bytes`;

const isBinary = (text: string): boolean => text.includes('\0');

/** Lines to print, without indentation. */
export const diffLines = (from: string, to: string, paint: Paint): string[] => {
  if (isBinary(from) || isBinary(to)) return [`binary, ${sizes(from, to)}`];
  if (from.length > MAX_TEXT || to.length > MAX_TEXT) return [`too large to show, ${sizes(from, to)}`];
  const patch = structuredPatch('live', 'wanted', from, to, undefined, undefined, {
    context: CONTEXT,
    timeout: TIMEOUT,
  });
  if (patch === undefined) return [`too different to show, ${sizes(from, to)}`];
  const lines = patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines: body }) => [
    paint.faint(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`),
    ...body.map((line) => paintLine(shorten(escapeControls(line)), paint)),
  ]);
  return lines.length <= MAX_LINES
    ? lines
    : [...lines.slice(0, MAX_LINES), `… ${lines.length - MAX_LINES} more lines`];
};
