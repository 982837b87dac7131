import { Command, Flags } from '@oclif/core';
import { resolve } from 'node:path';
import type { Grant } from '../engine/action.ts';
import type { Listener } from '../engine/events.ts';
import { mayBePaused } from '../host/pause-file.ts';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { build, program, version } from '../installation.ts';
import { openLog } from '../report/log.ts';
import { notesOn, progressOn } from '../report/progress.ts';
import { jsonReport, textReport } from '../report/run-report.ts';
import { runSetup } from '../setup/run-setup.ts';
import { ask } from './ask.ts';
import { logTarget } from './log-target.ts';
import {
  asRef,
  colourFlag,
  holder,
  jsonFlag,
  manifestFlag,
  mustBeRoot,
  paintOn,
  print,
  reportRefused,
} from './shared.ts';
import { watchSignals } from './stop-signals.ts';

/** What the run that goes on after a reboot is started with. */
const againWith = (flags: {
  readonly manifest: string;
  readonly yes: boolean;
  readonly 'max-risk'?: string | undefined;
}): string[] => [
  ...['--no-color', '--manifest', resolve(flags.manifest)],
  ...(flags.yes ? ['--yes'] : []),
  ...(flags['max-risk'] === undefined ? [] : ['--max-risk', flags['max-risk']]),
];

const warnIfPaused = async (check: boolean, emit: Listener): Promise<void> => {
  if (!check && mayBePaused(STATE_DIRECTORY)) await (await import('./pause.ts')).warnOfPause(emit);
};

export default class Setup extends Command {
  static override summary = 'Converge this host to its manifest';
  static override description =
    'Shows the plan first, and asks once if anything in it is more than safe. Without a terminal and without --yes only ' +
    'safe actions run, and the rest is reported as held back. Exit codes: 0 in sync or converged, 2 drift (--check), ' +
    '3 held back, 4 failed or unreadable, 6 drift and unreadable (--check), 64 usage, 75 another run is under way, ' +
    '77 not root or an untrusted file, 78 the manifest is wrong.';
  static override examples = [
    '<%= config.bin %> setup --check',
    '<%= config.bin %> setup',
    "<%= config.bin %> setup --only 'UnixUser[alice]'",
  ];
  static override flags = {
    check: Flags.boolean({ description: 'report drift and change nothing' }),
    manifest: manifestFlag,
    only: Flags.string({
      description: 'only this resource and what it requires; may be repeated',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'KIND[NAME]',
    }),
    skip: Flags.string({
      description: 'leave out a step; may be repeated',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'STEP',
    }),
    'keep-going': Flags.boolean({ description: 'go on with later steps after one has failed' }),
    'wipe-disks': Flags.boolean({
      description:
        'step 2 (zfs) may clear disks that the manifest names for pools that do not exist; each pool must be confirmed by its name besides',
    }),
    yes: Flags.boolean({ description: 'allow disruptive actions without asking' }),
    confirm: Flags.string({
      description: 'allow the destructive actions of this resource; may be repeated',
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'KIND[NAME]',
    }),
    'max-risk': Flags.option({
      description: 'run nothing worse than this',
      options: ['safe', 'disruptive'] as const,
    })(),
    json: jsonFlag,
    verbose: Flags.boolean({ description: 'say what is done, and that all is in sync' }),
    color: colourFlag,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Setup);
    const only = (flags.only ?? []).map(asRef);
    const confirmed = (flags.confirm ?? []).map(asRef);
    mustBeRoot();

    const target = logTarget(flags.check);
    const log = openLog(target);
    const report = flags.json
      ? jsonReport(print, version)
      : textReport(print, paintOn(process.stdout, flags.color), flags.verbose || process.stdout.isTTY);
    const listeners: Listener[] = [report, progressOn(process.stderr, flags.verbose), log.listen];
    // Where the log does not go to standard error, by cron for one, warnings still do.
    if (target.stderr === 'none') listeners.push(notesOn(process.stderr));
    const emit: Listener = (event) => {
      for (const listen of listeners) listen(event);
    };
    const signals = watchSignals((message) => {
      process.stderr.write(`${message}\n`);
    });
    const interactive = process.stdin.isTTY && process.stderr.isTTY && !flags.json;
    const granted: Grant[] = flags['wipe-disks'] ? ['wipe-disks'] : [];
    const options = { yes: flags.yes, confirmed, granted, maxRisk: flags['max-risk'], interactive };
    try {
      await warnIfPaused(flags.check, emit);
      process.exitCode = await runSetup(
        {
          manifest: flags.manifest,
          check: flags.check,
          only,
          skip: flags.skip ?? [],
          keepGoing: flags['keep-going'],
          reboots: flags['max-risk'] !== 'safe',
          again: againWith(flags),
        },
        {
          state: STATE_DIRECTORY,
          version,
          build,
          program,
          holder: holder(),
          emit,
          changesAhead: log.expect,
          ask: (plan) => ask(plan, options),
          stoppedBy: signals.stoppedBy,
          clock: () => performance.now(),
        },
      );
    } catch (error) {
      process.exitCode = await reportRefused(error, flags.json);
    } finally {
      signals.close();
      await log.close();
    }
  }
}
