/** What of others is in the bundle: from the list that the bundler made, and the libraries' own words. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fs from 'fs-extra';

export interface Library {
  readonly name: string;
  readonly version: string;
  /** SPDX. */
  readonly licence: string;
  /** The text that must go with it. */
  readonly text: string;
  readonly integrity: string;
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly integrity?: string }>>;
}

const textIn = (folder: string): string | undefined => {
  const name = readdirSync(folder).find((one) => /^licen[cs]e(\.|$)/i.test(one));
  return name === undefined ? undefined : readFileSync(join(folder, name), 'utf8').trim();
};

/** Some say their licence in package.json or the readme alone. */
const saidBy = (author: unknown, licence: string): string => {
  const name =
    typeof author === 'string' ? author : ((author as { name?: string } | undefined)?.name ?? 'its authors');
  return `Copyright ${name}\n\nDistributed under the terms of the licence ${licence} (https://spdx.org/licenses/${licence}.html).`;
};

const libraryIn = (folder: string, { packages }: Lock): Library => {
  const { name, version, license, author } = fs.readJsonSync(join(folder, 'package.json')) as {
    name: string;
    version: string;
    license?: string;
    author?: unknown;
  };
  const integrity = packages[folder]?.integrity;
  if (license === undefined) throw new Error(`${folder}: package.json names no licence`);
  if (integrity === undefined) throw new Error(`${folder}: not in package-lock.json`);
  return { name, version, licence: license, text: textIn(folder) ?? saidBy(author, license), integrity };
};

export const bundledLibraries = (): Library[] => {
  if (!existsSync('dist/bundled.json')) throw new Error('there is no dist/bundled.json: npm run build');
  const lock = fs.readJsonSync('package-lock.json') as Lock;
  return (fs.readJsonSync('dist/bundled.json') as string[])
    .map((folder) => libraryIn(folder, lock))
    .sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
};
