import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { restoreMachine } from './machine/restore.ts';
import { MANIFEST, Phoenix } from './phoenix.ts';
import { timed } from './say.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'resources', 'examples');
const SECRETS = 'host-secrets.sh';
const MANIFEST_FOLDER = dirname(MANIFEST);

const show = async (phoenix: Phoenix, ...args: readonly string[]): Promise<number> => {
  console.log(`\n# phoenix ${args.join(' ')}`);
  const start = Date.now();
  const { code, stdout, stderr } = await phoenix.run([...args, '--no-color']);
  for (const text of [stdout, stderr]) if (text !== '') console.log(text);
  console.log(`# exit code ${code}, ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return code;
};

/** Converges the full example manifest on a throw-away host, and shows what an operator sees. */
const machine = await timed('restore a host', () => restoreMachine());
try {
  const phoenix = new Phoenix(machine);
  await timed('install phoenix', () => phoenix.install());
  // The files that the manifest names are looked up beside it.
  await machine.copyIn(EXAMPLES, MANIFEST_FOLDER);
  await machine.succeed(
    `cd ${MANIFEST_FOLDER} && chown -R root:root . && mv host.yaml ${MANIFEST} && chmod 0600 ${MANIFEST}`,
  );
  if (existsSync(join(EXAMPLES, SECRETS))) await machine.succeed(`sh ${join(MANIFEST_FOLDER, SECRETS)}`);
  await show(phoenix, 'setup', '--check');
  const first = await show(phoenix, 'setup', '--yes');
  const second = await show(phoenix, 'setup');
  if (first !== 0 || second !== 0) process.exitCode = 1;
} finally {
  await machine.destroy();
}
