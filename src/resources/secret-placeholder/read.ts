import { absent, present, readEach, type Reading } from '../../engine/reading.ts';
import { accountsOf, type Accounts } from '../../facts/accounts.ts';
import { ownershipOf, type Ownership } from '../../facts/ownership.ts';
import type { FileInfo, HostReader } from '../../host/host.ts';
import { isPlaceholder } from '../../host/placeholder.ts';
import type { Desired } from './schema.ts';

export interface Actual extends Ownership {
  readonly type: FileInfo['type'];
  /** Names of the same file: more than one are hard links. */
  readonly links: number;
  /** Nobody has written the secret yet. No more of the content is looked at. */
  readonly waits: boolean;
}

/** Whoever owns the ground may have planted symlinks in it. */
const readOne = (host: HostReader, want: Desired, accounts: Accounts): Reading<Actual> => {
  const info = host.lstatInHostileGround(want.path);
  if (info === undefined) return absent;
  const content = info.type === 'file' ? host.readFileInHostileGround(want.path) : undefined;
  return present<Actual>({
    type: info.type,
    ...ownershipOf(info, want, accounts),
    links: info.nlink,
    waits: content !== undefined && isPlaceholder(content),
  });
};

export const read = async (
  host: HostReader,
  all: readonly Desired[],
): Promise<ReadonlyMap<string, Reading<Actual>>> => {
  const accounts = await accountsOf(host);
  return readEach(
    all,
    ({ path }) => path,
    (want) => readOne(host, want, accounts),
  );
};
