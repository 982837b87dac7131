// Run by the Node that phoenix is shipped with, as compile.ts says: writes what V8 has compiled of the bundle whose `load.js` is
// named by the first argument. Compiled is what was called: what all commands are made of, by asking for their help.
import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import v8 from 'node:v8';

const [, , loader = '', ...takenBack] = process.argv;
const { SOURCE, compiledFile, exportsOf, scriptOf, sumOf } = await import(pathToFileURL(loader).href);
const source = readFileSync(SOURCE);
const script = scriptOf(source);
const { start } = exportsOf(script);
for (const argv of [['--version'], ['--help'], ['setup', '--help']]) await start(argv);
if ((process.exitCode ?? 0) !== 0) throw new Error('the bundle does not start');

// What was compiled under other flags than those it is used with would be refused.
for (const flag of takenBack) v8.setFlagsFromString(flag);
const compiled = script.createCachedData();
writeFileSync(compiledFile(), Buffer.concat([Buffer.from(sumOf(source, compiled)), compiled]));
