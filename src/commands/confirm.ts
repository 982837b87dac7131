import { Command } from '@oclif/core';
import { EXIT } from '../engine/outcome.ts';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { readLast } from '../host/way-back/state.ts';
import { program } from '../installation.ts';
import { confirmChanges } from '../setup/way-back.ts';
import { holder, mustBeRoot, print } from './shared.ts';

/** Later than this it is not what the operator means. */
const JUST_NOW = 10 * 60_000;

export default class Confirm extends Command {
  static override summary = 'Keep a change that would otherwise be taken back';
  static override description =
    'A change of the network, the firewall, SSH or sudo takes itself back unless it is confirmed in time. Run this from a ' +
    'new login: that it works shows that you can still get in. Exit codes: 0 kept, or nothing waits, 4 too late.';
  static override examples = ['<%= config.bin %> confirm'];
  static override flags = {};

  override async run(): Promise<void> {
    await this.parse(Confirm);
    mustBeRoot();
    const kept = await confirmChanges({ state: STATE_DIRECTORY, program, holder: holder() });
    if (kept !== undefined) {
      for (const { ref, description } of kept.changes) print(`kept: ${ref}: ${description}\n`);
      return;
    }
    const last = await readLast(STATE_DIRECTORY);
    if (last?.verdict.is !== 'taken back' || Date.now() - Date.parse(last.at) > JUST_NOW) {
      print('nothing waits to be confirmed\n');
      return;
    }
    print(`too late: taken back at ${last.at}: ${last.verdict.why}\n`);
    process.exitCode = EXIT.failed;
  }
}
