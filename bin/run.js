// Starts the bundle that `npm run build` made. An older Node would fail on it with an error that says nothing.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 20 || (major === 20 && minor >= 19)) {
  const { compiledScript, exportsOf } = await import('./load.js');
  const script = compiledScript();
  const { start } = script === undefined ? await import('../dist/main.js') : exportsOf(script);
  void start(process.argv.slice(2));
} else {
  process.stderr.write(
    `phoenix: expected Node 20.19 or later, found ${process.versions.node} (${process.execPath}); the package phoenix brings one of its own\n`,
  );
  process.exitCode = 1;
}
