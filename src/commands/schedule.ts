import { Args, Command } from '@oclif/core';
import { resolve } from 'node:path';
import { EXIT } from '../engine/outcome.ts';
import { UNLESS_TOLD } from '../engine/schedule.ts';
import { readPause } from '../host/pause-file.ts';
import { isAsWanted, serviceOf, type Wanted } from '../host/schedule-units.ts';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { disableTimer, enableTimer, runNow, timerState } from '../host/timer.ts';
import { build, program } from '../installation.ts';
import { scheduleText } from '../report/schedule-text.ts';
import { loadCatalog } from '../setup/load-catalog.ts';
import { lastByTimer } from '../setup/past-runs.ts';
import { manifestFlag, mustBeRoot, print, reportRefused } from './shared.ts';

const wantedBy = async (manifest: string): Promise<Wanted> => {
  const { catalog } = await loadCatalog(manifest, STATE_DIRECTORY, build, { program });
  return {
    program,
    manifest,
    schedule: catalog.schedule ?? UNLESS_TOLD,
    textfile: catalog.notify?.textfile,
  };
};

const showStatus = async (wanted: Wanted): Promise<void> => {
  const timer = await timerState();
  const pause = await readPause(STATE_DIRECTORY);
  const last = await lastByTimer(STATE_DIRECTORY);
  print(
    scheduleText({
      timer,
      schedule: wanted.schedule,
      asWanted: isAsWanted(wanted),
      ...(pause && { pause }),
      ...(last && { last }),
    }),
  );
};

/** The exit code of the run. */
const startNow = async ({ schedule }: Wanted): Promise<number> => {
  const service = serviceOf(schedule);
  const code = await runNow(service);
  const told = code === undefined ? 'could not be started' : `has ended with ${code}`;
  print(`${service} ${told}; what it said: journalctl -u ${service}, phoenix report\n`);
  return code ?? EXIT.failed;
};

export default class Schedule extends Command {
  static override summary = 'Set up, remove, show or start the runs by a timer';
  static override description =
    'enable sets up a timer of systemd as the section schedule of the manifest says; run it again when the section has ' +
    'changed. disable removes it. status says when it strikes next, and how the last run ended. run-now starts what the ' +
    'timer would start, waits for its end, and ends with its exit code. A run by the timer does nothing worse than ' +
    'schedule.maxRisk, and nothing at all while it is paused.';
  static override examples = ['<%= config.bin %> schedule enable', '<%= config.bin %> schedule status'];
  static override args = {
    action: Args.string({
      description: 'enable, disable, status or run-now',
      required: true,
      options: ['enable', 'disable', 'status', 'run-now'],
    }),
  };
  static override flags = { manifest: manifestFlag };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Schedule);
    mustBeRoot();
    if (args.action === 'disable') {
      await disableTimer();
      return;
    }
    try {
      const wanted = await wantedBy(resolve(flags.manifest));
      if (args.action === 'enable') await enableTimer(wanted);
      if (args.action === 'run-now') process.exitCode = await startNow(wanted);
      else await showStatus(wanted);
    } catch (error) {
      process.exitCode = await reportRefused(error, false);
    }
  }
}
