import { absent, present, readEach, type Reading } from '../../engine/reading.ts';
import { compareLines } from '../../facts/samba/compare.ts';
import { ownLines, readSambaFiles, type Place, type SambaFiles } from '../../facts/samba/files.ts';
import { sameName } from '../../facts/samba/sections.ts';
import { testparm, type Understood } from '../../facts/samba/testparm.ts';
import type { HostReader } from '../../host/host.ts';
import { obstacleTo } from './obstacle.ts';
import { modulesOf, render } from './render.ts';
import type { Desired } from './schema.ts';
import { sessions } from './sessions.ts';

export interface Actual {
  /** Of our section. */
  readonly lines?: readonly string[];
  /** Where others define a share of this name. */
  readonly foreign?: Place;
  /** Why it cannot be shared now. */
  readonly obstacle?: string;
  /** The share as Samba understands it; null: it has none. Not there if Samba would not say. */
  readonly effective?: Readonly<Record<string, string>> | null;
  /** Why Samba would not load the configuration, and which declared shares, not being as declared, may be at fault. */
  readonly broken?: readonly string[];
  readonly suspects?: readonly string[];
  /** Who is connected, of a share that is to be removed. */
  readonly sessions: readonly string[];
}

interface Known {
  readonly all: readonly Desired[];
  readonly files: SambaFiles;
  readonly understood: Understood | undefined;
  readonly obstacles: ReadonlyMap<Desired, string | undefined>;
  readonly connected: ReadonlyMap<string, readonly string[]>;
}

const isAsDeclared = (want: Desired, files: SambaFiles): boolean => {
  const lines = ownLines(files, want.name);
  if (want.ensure === 'absent') return lines === undefined;
  return compareLines(render(want, lines), lines).length === 0;
};

const effectOf = (
  { understood: found, files, all }: Known,
  name: string,
): Pick<Actual, 'effective' | 'broken' | 'suspects'> => {
  if (found === undefined) return {};
  if (found.broken) {
    const suspects = all.filter((want) => !isAsDeclared(want, files)).map((want) => want.name);
    return { broken: found.complaints, ...(suspects.length === 0 ? {} : { suspects }) };
  }
  const section = found.sections.get(sameName(name));
  return { effective: section === undefined ? null : Object.fromEntries(section) };
};

const findObstacle = async (host: HostReader, want: Desired): Promise<string | undefined> =>
  want.path === undefined || want.ensure === 'absent'
    ? undefined
    : await obstacleTo(host, { path: want.path, dataset: want.dataset, modules: modulesOf(want) });

const actualOf = (want: Desired, known: Known): Reading<Actual> => {
  const { files, obstacles, connected } = known;
  const lines = ownLines(files, want.name);
  const foreign = files.foreign.get(sameName(want.name));
  const obstacle = obstacles.get(want);
  if (lines === undefined && foreign === undefined && obstacle === undefined) return absent;
  return present<Actual>({
    ...(lines === undefined ? {} : { lines }),
    ...(foreign === undefined ? {} : { foreign }),
    ...(obstacle === undefined ? {} : { obstacle }),
    ...effectOf(known, want.name),
    sessions: connected.get(sameName(want.name)) ?? [],
  });
};

const isToGo = (want: Desired, files: SambaFiles): boolean =>
  want.ensure === 'absent' && ownLines(files, want.name) !== undefined;

/** One process, and a second one only if a share is to be removed. */
export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const files = readSambaFiles(host);
  const obstacles = new Map<Desired, string | undefined>();
  for (const want of all) obstacles.set(want, await findObstacle(host, want));
  const known: Known = {
    all,
    files,
    understood: await host.fact(testparm),
    obstacles,
    connected: all.some((want) => isToGo(want, files)) ? await host.fact(sessions) : new Map(),
  };
  return readEach(
    all,
    (want) => want.name,
    (want) => actualOf(want, known),
  );
};
