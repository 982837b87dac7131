import { Args, Command } from '@oclif/core';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { build, program } from '../installation.ts';
import { explanationText } from '../report/explanation-text.ts';
import { explain } from '../setup/explain.ts';
import { asRef, colourFlag, manifestFlag, mustBeRoot, paintOn, print, reportRefused } from './shared.ts';

export default class Explain extends Command {
  static override summary = 'Say why a resource would change, what it requires and what depends on it';
  static override args = {
    resource: Args.string({ description: 'its name, such as UnixUser[alice]', required: true }),
  };
  static override flags = { manifest: manifestFlag, color: colourFlag };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Explain);
    const ref = asRef(args.resource);
    mustBeRoot();
    try {
      const source = { manifest: flags.manifest, state: STATE_DIRECTORY, build, program };
      print(explanationText(await explain(source, ref), paintOn(process.stdout, flags.color)));
    } catch (error) {
      process.exitCode = await reportRefused(error, false);
    }
  }
}
