import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { restoreMachine } from './machine/restore.ts';
import { MANIFEST, Phoenix } from './phoenix.ts';
import { timed } from './say.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'resources', 'examples');
const EXAMPLE = join(EXAMPLES, 'host.yaml');
const SECRETS = join(EXAMPLES, 'host-secrets.sh');

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
  await machine.succeed('install -d -m 0755 /etc/phoenix');
  await machine.copyIn(EXAMPLE, MANIFEST);
  await machine.succeed(`chown root:root ${MANIFEST} && chmod 0600 ${MANIFEST}`);
  if (existsSync(SECRETS)) {
    await machine.copyIn(SECRETS, '/root/host-secrets.sh');
    await machine.succeed('bash /root/host-secrets.sh');
  }
  await show(phoenix, 'setup', '--check');
  const first = await show(phoenix, 'setup', '--yes');
  const second = await show(phoenix, 'setup');
  if (first !== 0 || second !== 0) process.exitCode = 1;
} finally {
  await machine.destroy();
}
