import { Command, Flags } from '@oclif/core';
import { resolve } from 'node:path';
import type { Grant } from '../engine/action.ts';
import type { Listener } from '../engine/events.ts';
import { mayBePaused } from '../host/pause-file.ts';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { runSetup } from '../setup/run-setup.ts';
import { chosen, planFlags } from './saved-plan.ts';
import { asRef, colourFlag, jsonFlag, manifestFlag, mustBeRoot, refsFlag } from './shared.ts';
import { runIn } from './surroundings.ts';

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
    'safe actions run, and the rest is reported as held back. Exit codes: 0 in sync or converged, 2 drift (--check, --save), ' +
    '3 held back, 4 failed or unreadable, 6 drift and unreadable (--check), 64 usage, 75 another run is under way, ' +
    '77 not root or an untrusted file, 78 the manifest is wrong.';
  static override examples = [
    '<%= config.bin %> setup --check',
    '<%= config.bin %> setup',
    "<%= config.bin %> setup --only 'UnixUser[alice]'",
    '<%= config.bin %> setup --save plan.json',
    '<%= config.bin %> setup --plan plan.json',
  ];
  static override flags = {
    check: Flags.boolean({ description: 'report drift and change nothing' }),
    ...planFlags,
    manifest: manifestFlag,
    only: refsFlag('only this resource and what it requires; may be repeated'),
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
    confirm: refsFlag('allow the destructive actions of this resource; may be repeated'),
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
    const choice = await chosen(flags, only);

    const granted: Grant[] = flags['wipe-disks'] ? ['wipe-disks'] : [];
    const around = { ...flags, check: choice.check, confirmed, granted, maxRisk: flags['max-risk'] };
    const options = { ...choice, keepGoing: flags['keep-going'], again: againWith(flags) };
    await runIn(around, async (setting) => {
      await warnIfPaused(choice.check, setting.emit);
      return await runSetup(options, setting);
    });
  }
}
