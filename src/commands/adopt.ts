import { Command, Flags } from '@oclif/core';
import { writeNewFile } from '../host/new-file.ts';
import { RealReader } from '../host/real-reader.ts';
import { program } from '../installation.ts';
import { adopt } from '../setup/adopt/adopt.ts';
import { mustBeRoot, print } from './shared.ts';

export default class Adopt extends Command {
  static override summary = 'Write a manifest of what is live on this host';
  static override description =
    'Lists what can be listed, in the sections of the manifest, and keeps what the host is in sync with: `setup --check` ' +
    'with the result finds nothing. The rest is in comments, each with the reason. Reads no secrets, and changes nothing; ' +
    'a file that exists is not overwritten.';
  static override examples = [
    '<%= config.bin %> adopt',
    '<%= config.bin %> adopt --output /etc/phoenix/phoenix.yaml',
  ];
  static override flags = {
    output: Flags.string({ description: 'a new file, instead of the standard output', helpValue: 'FILE' }),
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Adopt);
    mustBeRoot();
    const adopted = await adopt(new RealReader(), { program });
    const { adoptedText } = await import('../report/adopted-text.ts');
    const text = adoptedText(adopted);
    if (flags.output === undefined) {
      print(text);
      return;
    }
    writeNewFile(flags.output, text);
    const { count, leftOut } = adopted;
    print(
      `${flags.output}: ${count} resource${count === 1 ? '' : 's'}; ${leftOut.length} left out, with the reasons at its end\n`,
    );
  }
}
