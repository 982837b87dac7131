import { Args, Command, Flags } from '@oclif/core';
import { EXIT } from '../engine/outcome.ts';
import { reasonOf } from '../engine/reading.ts';
import { writeNewFile } from '../host/new-file.ts';
import { readRegularFile } from '../host/read-file.ts';
import { NotFound } from '../host/trusted-file.ts';
import { print } from './shared.ts';

export default class Import extends Command {
  static override summary = 'Convert a phoenix_hypervisor_config.json into a manifest';
  static override description =
    'Takes over what has a meaning here, and names the rest with its line on standard error: what is left out, what is ' +
    'unsafe as it stands, and every secret in clear, which is never taken over. Looks at no host. Exit codes: 0 ' +
    'converted, with or without warnings, 64 the new file exists, 78 not JSON, or not there.';
  static override examples = ['<%= config.bin %> import phoenix_hypervisor_config.json --output host.yaml'];
  static override args = {
    file: Args.string({ description: 'the configuration of the original scripts', required: true }),
  };
  static override flags = {
    output: Flags.string({ description: 'a new file, instead of the standard output', helpValue: 'FILE' }),
  };

  override async run(): Promise<void> {
    const { args, flags } = await this.parse(Import);
    const { file } = args;
    const content = readRegularFile(file);
    if (content === undefined) throw new NotFound(file, file);
    const [{ readLocatedJson }, { convert }, { importedText, warningText }] = await Promise.all([
      import('../manifest/located-json.ts'),
      import('../setup/import/convert.ts'),
      import('../report/import-text.ts'),
    ]);
    let located;
    try {
      located = readLocatedJson(content.toString('utf8'));
    } catch (error) {
      process.stderr.write(warningText(file, undefined, [], `expected JSON; ${reasonOf(error)}`));
      process.exitCode = EXIT.badManifest;
      return;
    }
    const { manifest, warnings } = convert(located.value);
    const placed = warnings.map((one) => ({ ...one, line: located.lineOf(one.path) }));
    for (const { line, path, message } of placed.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)))
      process.stderr.write(warningText(file, line, path, message));
    const text = importedText(file, manifest);
    if (flags.output === undefined) print(text);
    else writeNewFile(flags.output, text);
  }
}
