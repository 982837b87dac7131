/** What dpkg says about conffiles while it configures packages. */
import { dpkgPackages, type DpkgPackage } from '../dpkg.ts';
import type { CommandResult, Host } from '../../host/host.ts';

interface Kept {
  readonly path: string;
  readonly deleted: boolean;
}

/** A paragraph of dpkg's for each conffile that it had to decide about (dpkg 1.21, 1.22). */
const DECISION = /^Configuration file '(.+)'\n((?: .*\n)+)/gm;
const KEEPS = /^ ==> (?:Keeping old config file as default|Using current old file as you requested)\.$/m;
const DELETED = /^ ==> Deleted /m;

/** What passed through apt's terminal has carriage returns. */
const keptConffiles = (output: string): Kept[] =>
  [...output.replaceAll('\r', '').matchAll(DECISION)].flatMap(([, path = '', said = '']) =>
    KEEPS.test(said) ? [{ path, deleted: DELETED.test(said) }] : [],
  );

const shipperOf = (
  packages: ReadonlyMap<string, DpkgPackage> | undefined,
  conffile: string,
): string | undefined =>
  [...(packages ?? [])].find(([, known]) =>
    known.conffileLines.some((line) => line.startsWith(` ${conffile} `)),
  )?.[0];

/** The new default is put beside the kept file; it is never merged. */
const textOf = ({ path, deleted }: Kept, shipper: string): string =>
  deleted
    ? `left ${path} deleted (${shipper} ships another)`
    : `kept the local ${path} (${shipper} ships another, see ${path}.dpkg-dist)`;

/** Tells of every local conffile that dpkg has kept; not to know whose it is makes no transaction fail. */
export const noteKept = async (host: Host, { stdout, stderr }: CommandResult): Promise<void> => {
  const kept = keptConffiles(`${stdout}\n${stderr}`);
  if (kept.length === 0) return;
  const packages = await host.fact(dpkgPackages).catch(() => undefined);
  for (const one of kept) {
    const shipper = shipperOf(packages, one.path);
    host.note(textOf(one, shipper ?? 'its package'), shipper);
  }
};
