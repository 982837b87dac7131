import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Machine } from './machine/machine.ts';
import { type Outcome, quote } from './machine/outcome.ts';

const BUNDLE =
  process.env['PHOENIX_BUNDLE'] ?? join(import.meta.dirname, '..', '..', 'dist', 'phoenix.tar.gz');
const COMMAND = '/opt/phoenix/bin/phoenix';
export const MANIFEST = '/etc/phoenix/phoenix.yaml';

/** Emulation makes everything about ten times slower than on a host. */
const TIMEOUT = 600_000;

/** phoenix on a machine, used as an operator uses it. */
export class Phoenix {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Unpacks the built bundle, as the installation guide tells an operator to. */
  async install(): Promise<void> {
    if (!existsSync(BUNDLE)) throw new Error(`there is no ${BUNDLE}: npm run build`);
    await this.#machine.copyIn(BUNDLE, '/tmp/phoenix.tar.gz');
    await this.#machine.succeed(
      'tar -C /opt -xzf /tmp/phoenix.tar.gz --no-same-owner && rm /tmp/phoenix.tar.gz',
    );
  }

  /** Replaces the manifest. Where it says nothing of the way back, a probe confirms what nobody is there to confirm. */
  async manifest(yaml: string): Promise<void> {
    const told = /^wayBack:/m.test(yaml) ? yaml : `${yaml.trimEnd()}\nwayBack: { probe: { ssh: true } }\n`;
    await this.#machine.writeFile(MANIFEST, told);
  }

  async run(args: readonly string[], timeout = TIMEOUT): Promise<Outcome> {
    return await this.#machine.run([COMMAND, ...args].map(quote).join(' '), { timeout });
  }

  async setup(args: readonly string[] = []): Promise<Outcome> {
    return await this.run(['setup', '--yes', '--no-color', ...args.filter((arg) => arg !== '--yes')]);
  }

  async check(args: readonly string[] = []): Promise<Outcome> {
    return await this.run(['setup', '--check', '--no-color', ...args]);
  }
}
