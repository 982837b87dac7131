/** Test cases as data: a new case is a new YAML file, found by its folder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

export interface Fixture<T> {
  readonly name: string;
  readonly data: T;
}

export const fixturesIn = <T>(folder: string): Fixture<T>[] => {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.yaml$/, ''),
      data: load(readFileSync(join(folder, file), 'utf8')) as T,
    }));
};
