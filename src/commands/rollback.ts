import { Args, Command, Flags } from '@oclif/core';
import { runRollback } from '../setup/rollback/run-rollback.ts';
import { asRef, colourFlag, jsonFlag, manifestFlag, mustBeRoot, refsFlag } from './shared.ts';
import { runIn } from './surroundings.ts';

export default class Rollback extends Command {
  static override summary = 'Take back what a run changed';
  static override description =
    'Makes a plan of the undo of each action of the run, the last one first, says what cannot be taken back and why, and ' +
    'carries it out as `setup` does. What was changed since by others is refused. Data is never destroyed: a dataset or ' +
    'a home that the run made stays. The manifest is not changed: what it still declares comes back with the next ' +
    '`setup`. Exit codes: as of `setup`; 64 also where the run cannot be taken back at all.';
  static override examples = [
    '<%= config.bin %> rollback 20261127T1907 --check',
    '<%= config.bin %> rollback 20261127T190733Z-bd0a04',
  ];
  static override args = {
    run: Args.string({
      description: 'its name, or the beginning of it, as `phoenix history` lists it',
      required: true,
    }),
  };
  static override flags = {
    check: Flags.boolean({ description: 'show what would be taken back and change nothing' }),
    only: refsFlag('only this resource, and what required it; may be repeated'),
    'even-changed': refsFlag('take this resource back although it was changed since; may be repeated'),
    manifest: manifestFlag,
    'keep-going': Flags.boolean({ description: 'go on with other steps after one has failed' }),
    yes: Flags.boolean({ description: 'allow disruptive actions without asking' }),
    confirm: refsFlag('allow the destructive actions of this resource; may be repeated'),
    'max-risk': Flags.option({
      description: 'run nothing worse than this',
      options: ['safe', 'disruptive'] as const,
    })(),
    json: jsonFlag,
    verbose: Flags.boolean({ description: 'say what is done, and that all is taken back already' }),
    color: colourFlag,
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Rollback);
    const refs = (texts: readonly string[] = []) => texts.map(asRef);
    const [only, evenChanged] = [refs(flags.only), refs(flags['even-changed'])];
    const confirmed = refs(flags.confirm);
    mustBeRoot();
    const { check, manifest } = flags;
    const options = { run: args.run, manifest, check, only, evenChanged, keepGoing: flags['keep-going'] };
    await runIn({ ...flags, confirmed, granted: [], maxRisk: flags['max-risk'] }, (setting) =>
      runRollback(options, setting),
    );
  }
}
