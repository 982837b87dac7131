import { Command, Flags } from '@oclif/core';
import { STATE_DIRECTORY } from '../host/state-directory.ts';
import { version } from '../installation.ts';
import { historyText } from '../report/history-text.ts';
import { versionRecord } from '../report/ndjson.ts';
import { pastRuns } from '../setup/past-runs.ts';
import { colourFlag, jsonFlag, mustBeRoot, paintOn, print } from './shared.ts';

export default class History extends Command {
  static override summary = 'List past runs, the newest last';
  static override description =
    'Runs that found everything in sync, one after the other, are one line. What drifted was changed on the host; what ' +
    'changed was changed in the manifest.';
  static override flags = {
    json: jsonFlag,
    limit: Flags.integer({ description: 'how many lines', default: 30, min: 1, helpValue: 'N' }),
    color: colourFlag,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(History);
    mustBeRoot();
    const entries = await pastRuns(STATE_DIRECTORY);
    if (!flags.json) {
      print(historyText(entries, flags.limit, paintOn(process.stdout, flags.color)));
      return;
    }
    print(versionRecord(version));
    for (const entry of entries.slice(-flags.limit)) print(`${JSON.stringify({ type: 'run', ...entry })}\n`);
  }
}
