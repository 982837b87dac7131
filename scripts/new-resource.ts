/**
 * `npm run new-resource dns-record`: a new kind from the template, complete and green, to be changed from there.
 * Its name is that of its folder; the kind's own is made of it: DnsRecord.
 */
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';

const NAME = /^[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*$/;

const pascal = (name: string): string =>
  name.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Folders of the template, and where they go. */
const copies = (name: string): [string, string][] => [
  ['src/resources/_template', `src/resources/${name}`],
  ['test/resources/_template', `test/resources/${name}`],
];

const renamed = (text: string, name: string): string =>
  text.replaceAll('template-kind', name).replaceAll('TemplateKind', pascal(name));

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const moveLabTest = (name: string): string => {
  const target = `test/lab/${name}.lab.ts`;
  renameSync(`test/resources/${name}/template-kind.lab.ts`, target);
  writeFileSync(target, readFileSync(target, 'utf8').replace('../../lab/', './'));
  return target;
};

const refuse = (why: string): never => {
  console.error(why);
  process.exit(64);
};

const create = (name: string): string[] => {
  for (const [, target] of [...copies(name), ['', `test/lab/${name}.lab.ts`] as const])
    if (existsSync(target)) refuse(`${target} is there already`);
  for (const [template, target] of copies(name)) cpSync(template, target, { recursive: true });
  const files = [...copies(name).flatMap(([, target]) => filesIn(target))];
  for (const file of files) writeFileSync(file, renamed(readFileSync(file, 'utf8'), name));
  return [...copies(name).map(([, target]) => target), moveLabTest(name)];
};

const run = (...args: string[]): void => {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || rest.length > 0) refuse('usage: npm run new-resource NAME, such as dns-record');
else if (!NAME.test(name))
  refuse(`"${name}" is no name for a kind: expected small letters and dashes, such as dns-record`);
else {
  const made = create(name);
  // A longer name can make a line too long.
  run('node_modules/prettier/bin/prettier.cjs', '--write', '--log-level=warn', ...made);
  run('--import=tsx', 'scripts/generate.ts');
  console.log(`made ${pascal(name)} in:\n  ${made.join('\n  ')}\nwhat to do now: docs/adding-a-resource.md`);
}
