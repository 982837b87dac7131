import { Args, Command, Flags } from '@oclif/core';
import { RealReader } from '../host/real-reader.ts';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { listLive } from '../setup/list-live.ts';
import { build, program } from '../installation.ts';
import { UsageError } from './errors.ts';
import { manifestFlag, mustBeRoot, print, reportRefused } from './shared.ts';

export default class Show extends Command {
  static override summary = 'Print what is live as manifest entries, ready to paste';
  static override description =
    'Prints the resources that the manifest names, of the kinds that can be listed; with --all, or without a manifest, also those that it does not name.';
  static override args = { kind: Args.string({ description: 'only this kind, such as UnixUser' }) };
  static override flags = {
    manifest: manifestFlag,
    all: Flags.boolean({ description: 'also what the manifest does not name' }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Show);
    mustBeRoot();
    try {
      const source = { manifest: flags.manifest, state: STATE_DIRECTORY, build, program };
      const listed = await listLive(new RealReader(), source, args.kind, flags.all);
      if ('cannot' in listed) throw new UsageError(listed.cannot);
      // Loaded when there is something to print: yaml is large.
      const { manifestText } = await import('../report/manifest-text.ts');
      print(manifestText(listed.entries));
    } catch (error) {
      process.exitCode = await reportRefused(error, false);
    }
  }
}
