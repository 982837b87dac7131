import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Trace } from './lead.ts';

const LOG = '/var/log/dpkg.log';
/** Of a long log only what is newest. */
const TAIL = 256 * 1024;

const tailOf = (path: string): string => {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const tail = Buffer.alloc(Math.min(size, TAIL));
    const count = readSync(descriptor, tail, 0, tail.length, size - tail.length);
    return tail.subarray(0, count).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
};

const LINE = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (install|upgrade|remove|purge|configure) ([^\s:]+)\S* /;

/** Its times are local ones, as ours are. */
export const parseDpkgLog = (text: string): Trace[] =>
  text.split('\n').flatMap((line) => {
    const [, day, time, what, name] = LINE.exec(line) ?? [];
    return day === undefined
      ? []
      : [{ at: Date.parse(`${day}T${String(time)}`), text: `dpkg: ${String(what)} ${String(name)}` }];
  });

export const dpkgTraces = (path = LOG): Trace[] => {
  try {
    return parseDpkgLog(tailOf(path));
  } catch {
    return [];
  }
};
