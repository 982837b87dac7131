import { Command } from '@oclif/core';
import { readTrustedFile } from '../host/trusted-file.ts';
import { program, version } from '../installation.ts';
import { versionRecord } from '../report/ndjson.ts';
import { compileManifest } from '../setup/compile-manifest.ts';
import { jsonFlag, manifestFlag, print, reportRefused } from './shared.ts';

export default class Validate extends Command {
  static override summary = 'Check the manifest alone, without looking at the host';
  static override description =
    'Prints every error of the manifest with its place. Exit codes: 0 valid, 77 untrusted, 78 wrong.';
  static override flags = { manifest: manifestFlag, json: jsonFlag };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Validate);
    try {
      const { catalog } = compileManifest(flags.manifest, readTrustedFile(flags.manifest), { program });
      const count = catalog.resources.length;
      if (flags.json)
        print(`${versionRecord(version)}${JSON.stringify({ type: 'valid', resources: count })}\n`);
      else print(`${flags.manifest} is valid: ${count} resource${count === 1 ? '' : 's'}\n`);
    } catch (error) {
      process.exitCode = await reportRefused(error, flags.json);
    }
  }
}
