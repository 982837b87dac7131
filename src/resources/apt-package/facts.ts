import { createHash } from 'node:crypto';
import { conffilesOf, type DpkgPackage } from '../../facts/dpkg.ts';
import type { CommandFact, HostReader } from '../../host/host.ts';
import type { Actual, Desired } from './schema.ts';

/** Names of the packages that somebody asked for, as opposed to those that came as dependencies. */
export const manuallyInstalled: CommandFact<readonly string[]> = {
  name: 'apt-manual',
  command: { program: 'apt-mark', args: ['showmanual'] },
  absent: [],
  parse: (stdout) => stdout.split('\n').filter((line) => line !== ''),
};

const isEdited = (host: HostReader, path: string, md5: string): boolean => {
  if (host.lstat(path)?.type !== 'file') return false;
  const content = host.readFile(path);
  return content !== undefined && createHash('md5').update(content).digest('hex') !== md5;
};

const editedConffiles = (host: HostReader, known: DpkgPackage): string[] =>
  conffilesOf(known).flatMap(({ path, md5 }) =>
    md5 !== undefined && isEdited(host, path, md5) ? [path] : [],
  );

const mayChange = (want: Desired, known: DpkgPackage): boolean =>
  want.ensure === 'purged' || (want.version !== undefined && want.version !== known.version);

export const actualOf = (
  host: HostReader,
  want: Desired,
  known: DpkgPackage | undefined,
): Actual | undefined => {
  if (known === undefined || known.state === 'not-installed') return undefined;
  return {
    version: known.version,
    state: known.state,
    held: known.held,
    edited: mayChange(want, known) ? editedConffiles(host, known) : [],
  };
};
