/** Bundles the program, and packs what an operator unpacks: `dist/phoenix.tar.gz`, a folder `phoenix/`. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import fs from 'fs-extra';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { compile } from './build/compile.ts';

const { version } = fs.readJsonSync('package.json') as { version: string };

/** zod brings its messages in fifty languages; ours are our own, and the rest is in English. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup(bundler) {
    bundler.onLoad({ filter: /zod[/]v4[/]locales[/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/**
 * winston brings streams of its own, a logger that is made whether it is used or not, transports for all the world, and
 * handlers of exceptions that nobody has: most of the time that it takes to load. Node's streams are the same ones, and of
 * the rest `src/report/log.ts` uses what is left here.
 */
const leanWinston: Plugin = {
  name: 'lean-winston',
  setup(bundler) {
    const lean = (filter: RegExp, contents: string): void => {
      bundler.onResolve({ filter }, ({ path }) => ({
        path,
        namespace: 'lean-winston',
        pluginData: contents,
      }));
    };
    lean(/^readable-stream$/, "module.exports = require('node:stream');");
    lean(
      /^readable-stream[/].*_stream_writable(\.js)?$/,
      "module.exports = require('node:stream').Writable;",
    );
    lean(/^readable-stream[/].*_stream_duplex(\.js)?$/, "module.exports = require('node:stream').Duplex;");
    lean(/^@dabh[/]diagnostics$/, 'module.exports = () => () => false;');
    lean(/^logform[/]json$/, 'module.exports = undefined;');
    lean(/^\.[/](exception|rejection)-handler$/, 'module.exports = class {};');
    bundler.onLoad({ filter: /[/]winston[/]lib[/]winston\.js$/ }, () => ({
      contents: `
        exports.createLogger = require('./winston/create-logger');
        exports.format = { printf: require('logform/printf') };
        exports.transports = { Stream: require('./winston/transports/stream') };`,
    }));
    bundler.onLoad({ filter: /[/]winston[/]lib[/]winston[/]config[/]index\.js$/ }, () => ({
      contents: 'exports.npm = {};',
    }));
    bundler.onLoad({ filter: /./, namespace: 'lean-winston' }, ({ pluginData }) => ({
      contents: pluginData as string,
    }));
  },
};

const COMMON = {
  metafile: true,
  bundle: true,
  platform: 'node',
  target: 'node20',
  outdir: 'dist',
  minify: true,
  // oclif asks for it only when it runs from sources.
  external: ['typescript'],
  legalComments: 'none',
  plugins: [oneLanguage, leanWinston],
  write: false,
} as const satisfies BuildOptions;

type Constants = Record<string, string>;

/** For any Node. Chunks are loaded when a command needs them: the libraries of a slow path cost the fast one nothing. */
const modules = (constants: Constants) =>
  build({
    ...COMMON,
    entryPoints: { main: 'src/main.ts' },
    splitting: true,
    format: 'esm',
    define: constants,
    // Bundled CommonJS (oclif, winston) asks for Node's own modules by require, and for its own place.
    banner: {
      js: "import{createRequire as __cr}from'node:module';import{fileURLToPath as __fu}from'node:url';import{dirname as __dn}from'node:path';const require=__cr(import.meta.url),__filename=__fu(import.meta.url),__dirname=__dn(__filename);",
    },
  });

/** The same as one script: V8 can be given what it has compiled of a script, and Node takes its time with each module. */
const whole = (constants: Constants) =>
  build({
    ...COMMON,
    entryPoints: { whole: 'src/main.ts' },
    format: 'cjs',
    // A stack trace may show a line.
    lineLimit: 500,
    // It is read as bytes.
    charset: 'ascii',
    define: { ...constants, 'import.meta.url': '__url' },
    // As Node wraps a module: bin/load.js calls it.
    banner: {
      js: "(function(exports,require,module,__filename,__dirname){const __url=require('node:url').pathToFileURL(__filename).href;",
    },
    footer: { js: '})' },
  });

/** The folders of the libraries that something of is in the bundle: their licences go with it. */
const librariesIn = ({ outputs }: Metafile): string[] => {
  const sources = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = sources.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  return [...new Set(folders)].sort();
};

// The first pass only gives the hash that names this build.
const hash = createHash('sha256');
for (const { path, contents } of (await modules({})).outputFiles)
  hash.update(path.slice(path.lastIndexOf('/'))).update(contents);
const constants = {
  PHOENIX_VERSION: JSON.stringify(version),
  PHOENIX_BUILD: JSON.stringify(hash.digest('hex')),
};
const { outputFiles, metafile } = await modules(constants);
const files = [...outputFiles, ...(await whole(constants)).outputFiles];

fs.emptyDirSync('dist');
fs.ensureDirSync('dist/phoenix/dist');
for (const { path, contents } of files) {
  fs.writeFileSync(path, contents);
  fs.copySync(path, `dist/phoenix/dist/${path.slice(path.lastIndexOf('/') + 1)}`);
}
fs.writeJsonSync('dist/bundled.json', librariesIn(metafile), { spaces: 2 });
for (const name of ['phoenix', 'run.js', 'load.js']) fs.copySync(`bin/${name}`, `dist/phoenix/bin/${name}`);
fs.copySync('resources', 'dist/phoenix/resources');
fs.copySync('LICENSE', 'dist/phoenix/LICENSE');
fs.writeJsonSync('dist/phoenix/package.json', { name: 'phoenix', version, type: 'module' }, { spaces: 2 });
compile(resolve('dist/phoenix'));
execFileSync('tar', [
  ...['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '--mode=u+rwX,go+rX,go-w'],
  ...['-C', 'dist', '-czf', 'dist/phoenix.tar.gz', 'phoenix'],
]);
fs.removeSync('dist/phoenix');
const size = files.reduce((sum, { contents }) => sum + contents.length, 0);
console.log(`bundled ${files.length} files, ${Math.round(size / 1024)} KiB; packed dist/phoenix.tar.gz`);
