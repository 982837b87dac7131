import { Command } from '@oclif/core';
import { readPause, removePause } from '../host/pause-file.ts';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { mustBeRoot, print } from './shared.ts';

export default class Resume extends Command {
  static override summary = 'End a pause of the runs by the timer';
  static override description = 'The next run is the one that the timer would have made anyway.';
  static override examples = ['<%= config.bin %> resume'];
  static override flags = {};

  override async run(): Promise<void> {
    await this.parse(Resume);
    mustBeRoot();
    const pause = await readPause(STATE_DIRECTORY);
    removePause(STATE_DIRECTORY);
    print(pause === undefined ? 'not paused\n' : 'no longer paused\n');
  }
}
