/** Runs apt and dpkg as an unattended run must: no questions, local conffiles kept, locks waited for, holders left alone. */
import type { Command, CommandResult, Host } from '../../host/host.ts';
import { noteKept } from './conffiles.ts';

const MINUTE = 60_000;
const LOCK_WAIT = 5 * MINUTE;
const LOCK_PAUSE = 5000;

const ENV = {
  DEBIAN_FRONTEND: 'noninteractive',
  APT_LISTCHANGES_FRONTEND: 'none',
  NEEDRESTART_SUSPEND: '1',
};
const KEEP_CONFFILES = ['--force-confdef', '--force-confold'];
const OPTIONS = [
  '-y',
  '-q',
  '-o',
  'DPkg::Lock::Timeout=300',
  ...KEEP_CONFFILES.flatMap((option) => ['-o', `Dpkg::Options::=${option}`]),
];

/** apt waits for dpkg's lock by itself (DPkg::Lock::Timeout), but not for those of its lists and archives (apt 2.6). */
const LOCKED = /Could not get lock (?!\/var\/lib\/dpkg\/lock-frontend)|lock was locked by another process/;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

/** Any exit code is answered; only a lock that somebody holds is waited for. */
const runUnlocked = async (
  host: Host,
  command: Pick<Command, 'program' | 'args'>,
): Promise<CommandResult> => {
  for (let waited = 0; ; waited += LOCK_PAUSE) {
    const result = await host.run({
      ...command,
      env: ENV,
      okCodes: [0, 1, 2, 100],
      timeout: 30 * MINUTE,
      maxOutput: 16 * 1024 * 1024,
    });
    if (result.code === 0 || waited >= LOCK_WAIT || !LOCKED.test(result.stderr)) return result;
    await pause(LOCK_PAUSE);
  }
};

/** What apt says comes in two streams; maintainer scripts write to the first. */
const lastLines = ({ stdout, stderr }: CommandResult): string =>
  [stdout, stderr]
    .flatMap((text) =>
      text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(-8),
    )
    .join('\n');

const adviceOn = (output: string): string => {
  if (/Could not get lock|another process/.test(output))
    return '; another package manager is at work: wait until it has finished, and run again';
  if (/Unable to locate package|was not found|no installation candidate/.test(output))
    return '; no apt source has it, not even after `apt-get update`: check the name, the version and the sources';
  if (/Unmet dependencies|unmet dependencies/.test(output))
    return '; look at what conflicts, or run `apt-get -f install` by hand';
  if (/Conflicting values set/.test(output))
    return '; two files name one archive with different keys: take it out of one of them';
  if (/NO_PUBKEY|Missing key|is not signed|Signed-By|OpenPGP signature verification failed/.test(output))
    return '; its signature is not by the key that is named: check the key and its fingerprint, or the archive has changed hands';
  if (/Failed to fetch|Could not resolve|does not have a Release file/.test(output))
    return '; check the address and the suite, and whether this host reaches it';
  return '';
};

export const failed = (what: string, result: CommandResult): Error => {
  const output = lastLines(result);
  return new Error(`${what} failed with exit code ${result.code}${adviceOn(output)}\n${output}`);
};

export const simulate = (host: Host, args: readonly string[]): Promise<CommandResult> =>
  runUnlocked(host, { program: 'apt-get', args: ['-s', ...args] });

const transact = async (host: Host, args: readonly string[]): Promise<CommandResult> => {
  const result = await runUnlocked(host, { program: 'apt-get', args: [...OPTIONS, ...args] });
  await noteKept(host, result);
  return result;
};

const update = async (host: Host): Promise<void> => {
  const result = await runUnlocked(host, { program: 'apt-get', args: ['-q', 'update'] });
  if (result.code !== 0) throw failed('apt-get update', result);
};

const NOT_IN_LISTS =
  /Unable to locate package|^E: Version '.*' for '.*' was not found|no installation candidate/m;

/** The lists may be older than the sources; so once, and only when apt does not know the name. */
export const simulateFresh = async (host: Host, args: readonly string[]): Promise<CommandResult> => {
  const first = await simulate(host, args);
  if (first.code === 0 || !NOT_IN_LISTS.test(first.stderr)) return first;
  await update(host);
  return await simulate(host, args);
};

/**
 * Only what one file names: `--error-on=any`, because by itself apt takes an archive that does not answer for a warning
 * (apt 2.6, 3.0). The lists of all other sources stay.
 */
export const fetchOnly = async (host: Host, file: string): Promise<void> => {
  const options = [`Dir::Etc::sourcelist=${file}`, 'Dir::Etc::sourceparts=-', 'APT::Get::List-Cleanup=0'];
  const args = ['-q', ...options.flatMap((option) => ['-o', option]), '--error-on=any', 'update'];
  const result = await runUnlocked(host, { program: 'apt-get', args });
  if (result.code !== 0) throw failed('apt-get update', result);
};

/** All of them; one that cannot be fetched is an error, as above. */
export const updateStrictly = async (host: Host): Promise<void> => {
  const result = await runUnlocked(host, { program: 'apt-get', args: ['-q', '--error-on=any', 'update'] });
  if (result.code !== 0) throw failed('apt-get update', result);
};

/** One source that contradicts another, or cannot be read, and every apt command fails. */
export const parseAllSources = async (host: Host): Promise<void> => {
  const result = await runUnlocked(host, {
    program: 'apt-get',
    args: ['-q', 'indextargets', '--format', '$(SITE)'],
  });
  if (result.code !== 0) throw failed('apt-get indextargets', result);
};

/** After an interruption apt refuses everything until this has run. One package that fails does not stop the others. */
const configurePending = async (host: Host): Promise<void> => {
  const args = [...KEEP_CONFFILES, '--configure', '-a'];
  const result = await runUnlocked(host, { program: 'dpkg', args });
  await noteKept(host, result);
  if (result.code !== 0) throw failed('dpkg --configure -a', result);
};

const INTERRUPTED = /dpkg was interrupted/;

/** Completes first what somebody left half done, where apt says so. */
export const transactRepaired = async (host: Host, args: readonly string[]): Promise<CommandResult> => {
  const first = await transact(host, args);
  if (first.code === 0 || !INTERRUPTED.test(first.stderr)) return first;
  await configurePending(host);
  return await transact(host, args);
};

export const mark = async (host: Host, how: 'hold' | 'unhold', names: readonly string[]): Promise<void> => {
  if (names.length === 0) return;
  const result = await runUnlocked(host, { program: 'apt-mark', args: [how, ...names] });
  if (result.code !== 0) throw failed(`apt-mark ${how} ${names.join(' ')}`, result);
};
