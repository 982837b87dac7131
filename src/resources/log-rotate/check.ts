/** What `logrotate -d` says of a file: it changes nothing, and its exit code also tells of logs that are not there. */
import { orBringBack } from '../../facts/own-file.ts';
import { withCandidate } from '../../facts/scratch.ts';
import type { Host } from '../../host/host.ts';

const WHOLE = '/etc/logrotate.conf';
const MISSING = /^error: stat of .* failed: No such file or directory$/;

/** It names a file by its path if it was given that, and by its base name if it was included (logrotate 3.21, 3.22). */
const isAbout = (text: string, name: string): boolean =>
  new RegExp(`^(?:error|warning): (?:found error in file ${name},|(?:\\S*/)?${name}:\\d+ )`).test(text);

const complaintsOn = async (host: Host, file: string): Promise<string[]> => {
  const { stderr } = await host.run({ program: 'logrotate', args: ['-d', file], okCodes: [0, 1] });
  return [...new Set(stderr.split('\n'))].filter(
    (text) => /^(?:error|warning): \S+:\d+ |^error: found error in /.test(text) && !MISSING.test(text),
  );
};

const refuse = (complaints: readonly string[], advice: string): void => {
  if (complaints.length > 0) throw new Error(`logrotate ${advice}:\n${complaints.join('\n')}`);
};

/** Of two files that have one log, it skips the one that comes later, be it ours or not. */
const writeBesideOthers = async (
  host: Host,
  path: string,
  name: string,
  write: () => Promise<void>,
): Promise<void> => {
  const before = await complaintsOn(host, WHOLE);
  await orBringBack(host, path, write, async () => {
    const after = await complaintsOn(host, WHOLE);
    refuse(
      after.filter((text) => isAbout(text, name) || !before.includes(text)),
      'does not take it beside the files of others',
    );
  });
};

/** Alone, before it is live; then with all the others. */
export const writeChecked = async (
  host: Host,
  path: string,
  text: string,
  write: () => Promise<void>,
): Promise<void> => {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const alone = await withCandidate(host, name, text, (candidate) => complaintsOn(host, candidate));
  refuse(alone, 'does not take the file; nothing was written');
  if (host.lstat(WHOLE) === undefined) await write();
  else await writeBesideOthers(host, path, name, write);
};
