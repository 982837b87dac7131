/** The servers that the distribution has in its own file: commented out, and back, every other line as it is. */
const USED = /^\s*(?:server|pool|peer)\s/;
const OFF = '#phoenix: ';

export const usesDefaultPool = (text: string): boolean => text.split('\n').some((line) => USED.test(line));

export const hasSwitchedOff = (text: string): boolean =>
  text.split('\n').some((line) => line.startsWith(OFF));

export const withDefaultPool = (text: string, used: boolean): string =>
  text
    .split('\n')
    .map((line) => {
      if (used) return line.startsWith(OFF) ? line.slice(OFF.length) : line;
      return USED.test(line) ? `${OFF}${line}` : line;
    })
    .join('\n');
