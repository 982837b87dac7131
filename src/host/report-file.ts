import { stateFolder } from './state-directory.ts';
import { replaceText } from './state-file.ts';

/** Keeps how a run ended beside its journal. */
export const writeReport = (state: string, run: string, report: object): void => {
  replaceText(stateFolder(state, 'runs', run), 'report.json', `${JSON.stringify(report)}\n`);
};
