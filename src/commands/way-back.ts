import { Command, Flags } from '@oclif/core';
import { EXIT } from '../engine/outcome.ts';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { program } from '../installation.ts';
import { takeBackUnconfirmed } from '../setup/way-back.ts';
import { holder, mustBeRoot, print } from './shared.ts';

/** Started by systemd, never by a person: it is not in the help. */
export default class WayBack extends Command {
  static override hidden = true;
  static override summary = 'Take back what nobody confirmed in time';
  static override flags = { boot: Flags.boolean({ description: 'at boot: whatever the deadline' }) };

  override async run(): Promise<void> {
    const { flags } = await this.parse(WayBack);
    mustBeRoot();
    const place = { state: STATE_DIRECTORY, program, holder: holder() };
    const taken = await takeBackUnconfirmed(place, flags.boot);
    if (taken?.ended.is !== 'taken back') return;
    for (const { ref, description } of taken.armed.changes) print(`taken back: ${ref}: ${description}\n`);
    for (const error of taken.ended.errors) print(`failed on the way back: ${error}\n`);
    if (taken.ended.errors.length > 0) process.exitCode = EXIT.failed;
  }
}
