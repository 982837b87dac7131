import { closeSync } from 'node:fs';
import { replaceFile } from './durable.ts';
import { openDirectory } from './safe-path.ts';
import { stateFolder } from './state-directory.ts';

/** Keeps how a run ended beside its journal. */
export const writeReport = (state: string, run: string, report: object): void => {
  const directory = openDirectory(stateFolder(state, 'runs', run));
  try {
    const meta = { mode: 0o600, uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
    replaceFile(directory, 'report.json', Buffer.from(`${JSON.stringify(report)}\n`), meta);
  } finally {
    closeSync(directory);
  }
};
