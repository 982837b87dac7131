/** What several commands need: flags, the reports of a refused manifest, who is running. */
import { Flags } from '@oclif/core';
import { userInfo } from 'node:os';
import { EXIT } from '../engine/outcome.ts';
import type { Ref } from '../engine/resource-type.ts';
import type { Holder } from '../host/lock.ts';
import { DEFAULT_MANIFEST, version } from '../installation.ts';
import { versionRecord } from '../report/ndjson.ts';
import { paintFor, wantsColour, type Paint } from '../report/paint.ts';
import { ManifestRefused } from '../setup/manifest-refused.ts';
import { PlanRefused } from '../setup/saved-plan/refused.ts';
import { NotRoot, UsageError } from './errors.ts';

/** Resources by name; may be given more than once. */
export const refsFlag = (description: string) =>
  Flags.string({ description, multiple: true, multipleNonGreedy: true, helpValue: 'KIND[NAME]' });

export const manifestFlag = Flags.string({
  description: 'the manifest',
  default: DEFAULT_MANIFEST,
  helpValue: 'PATH',
});
export const jsonFlag = Flags.boolean({
  description: 'print NDJSON, one record a line, the version record first',
});
export const colourFlag = Flags.boolean({
  description: 'colours on a terminal',
  default: true,
  allowNo: true,
});

export const print = (text: string): void => {
  process.stdout.write(text);
};

export const paintOn = (stream: NodeJS.WriteStream, flag: boolean): Paint =>
  paintFor(wantsColour(stream, process.env, flag));

export const asRef = (text: string): Ref => {
  if (!/^[A-Z]\w*\[.+\]$/s.test(text))
    throw new UsageError(
      `"${text}" is not the name of a resource; expected KIND[NAME], such as UnixUser[alice]`,
    );
  return text as Ref;
};

export const mustBeRoot = (): void => {
  if (process.geteuid?.() !== 0)
    throw new NotRoot('only root can read and change what phoenix manages; run it with sudo');
};

export const holder = (): Holder => ({
  pid: process.pid,
  command: ['phoenix', ...process.argv.slice(2)].join(' '),
  user: process.env['SUDO_USER'] ?? userInfo().username,
  since: new Date().toISOString(),
});

/** A saved plan that no longer fits: what is otherwise is shown, and nothing was changed. */
const reportPlanRefused = async (error: PlanRefused, json: boolean, paint: Paint): Promise<number> => {
  const { message, reasons, differences } = error;
  if (json) {
    const { withoutSecrets } = await import('../engine/without-secrets.ts');
    print(`${JSON.stringify({ type: 'plan-refused', reasons, differences }, withoutSecrets)}\n`);
  } else {
    const { refusedPlanText } = await import('../report/refused-plan-text.ts');
    print(refusedPlanText({ message, differences }, paint));
  }
  return EXIT.held;
};

/** Reports a manifest that is wrong, or a plan that does not fit, and gives its exit code; anything else is thrown on. */
export const reportRefused = async (
  error: unknown,
  json: boolean,
  paint = paintFor(false),
): Promise<number> => {
  if (error instanceof PlanRefused) return await reportPlanRefused(error, json, paint);
  if (!(error instanceof ManifestRefused)) throw error;
  if (json) {
    print(versionRecord(version));
    for (const problem of error.problems) print(`${JSON.stringify({ type: 'problem', ...problem })}\n`);
  } else {
    const { renderProblems } = await import('../report/problems.ts');
    process.stderr.write(`${renderProblems(error.problems)}\n`);
  }
  return EXIT.badManifest;
};
