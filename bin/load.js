/**
 * The bundle as one script, with what V8 has compiled of it for the one Node that phoenix is shipped with. Both are files of the
 * package, and nothing is ever written here: see docs/decisions/0022-compiled-when-it-is-built.md.
 */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '../dist');
export const SOURCE = join(DIST, 'whole.js');
const require = createRequire(SOURCE);

/** For this very Node: Debian's of the same version is another file. */
export const compiledFile = () =>
  join(DIST, `whole-${process.version}-${process.arch}-${statSync(process.execPath).size}.cache`);

const SUM = 8;

/** What the file begins with. V8 itself asks for no more of the source than its length. */
export const sumOf = (source, compiled) => {
  const { crc32 } = require('node:zlib');
  return crc32(compiled, crc32(source)).toString(16).padStart(SUM, '0');
};

export const scriptOf = (source, cachedData) =>
  new vm.Script(source.toString('latin1'), {
    // In stack traces. Where it really is would be among what was compiled, which is made elsewhere.
    filename: '/usr/lib/phoenix/dist/whole.js',
    cachedData,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });

/** Undefined where nothing was compiled for this Node, or of another bundle, or where it is damaged: it only saves time. */
export const compiledScript = () => {
  try {
    const file = readFileSync(compiledFile());
    const source = readFileSync(SOURCE);
    const compiled = file.subarray(SUM);
    if (file.toString('latin1', 0, SUM) !== sumOf(source, compiled)) return undefined;
    const script = scriptOf(source, compiled);
    return script.cachedDataRejected ? undefined : script;
  } catch {
    return undefined;
  }
};

/** What the script exports. */
export const exportsOf = (script) => {
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, SOURCE, DIST);
  return module.exports;
};
