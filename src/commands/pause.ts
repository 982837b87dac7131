import { Args, Command, Flags } from '@oclif/core';
import type { Listener } from '../engine/events.ts';
import { readPause, writePause } from '../host/pause-file.ts';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { pauseText } from '../report/pause-text.ts';
import { UsageError } from './errors.ts';
import { holder, mustBeRoot, print } from './shared.ts';
import { timeToCome } from './time-to-come.ts';

/** A person is there and knows what they do, once they know of the pause. */
export const warnOfPause = async (emit: Listener): Promise<void> => {
  const pause = await readPause(STATE_DIRECTORY);
  if (pause === undefined) return;
  const message = `runs by the timer are ${pauseText(pause)}; this run goes on, since you have started it`;
  emit({ event: 'note', level: 'warning', message });
};

export default class Pause extends Command {
  static override summary = 'Let runs by the timer do nothing for a while';
  static override description =
    'Only runs by the timer are paused; phoenix setup warns and goes on. A pause without --until lasts until phoenix resume.';
  static override examples = ['<%= config.bin %> pause "a disk is being replaced" --until 2h'];
  static override args = {
    why: Args.string({ description: 'for whoever wonders why nothing happens', required: true }),
  };
  static override flags = {
    until: Flags.string({
      description:
        'when it ends by itself: 30min, 2h, 3d, 18:00 or 2026-12-01T08:00, by the clock of the host',
      helpValue: 'TIME',
    }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Pause);
    mustBeRoot();
    if (args.why.trim() === '') throw new UsageError('say why, for whoever wonders why nothing happens');
    const until = flags.until === undefined ? {} : { until: timeToCome(flags.until, new Date()) };
    const { user, since } = holder();
    const pause = { why: args.why, by: user, since, ...until };
    writePause(STATE_DIRECTORY, pause);
    print(`${pauseText(pause)}\n`);
  }
}
