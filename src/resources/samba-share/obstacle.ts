/** What keeps a directory from being shared. A Samba that is asked says nothing of it: only its clients notice. */
import { mountTable, type Mount } from '../../facts/mount-table.ts';
import type { HostReader } from '../../host/host.ts';

export interface Needs {
  readonly path: string;
  readonly dataset?: string | undefined;
  readonly modules: readonly string[];
}

/** The mount that a path is on: the longest mount point above it, and of two there the later one. */
const mountOf = (mounts: readonly Mount[], path: string): Mount | undefined =>
  mounts
    .filter(({ path: at }) => at === '/' || path === at || path.startsWith(`${at}/`))
    .reduce<Mount | undefined>(
      (best, mount) => (best === undefined || mount.path.length >= best.path.length ? mount : best),
      undefined,
    );

const aboutDirectory = (host: HostReader, path: string): string | undefined => {
  const info = host.lstat(path);
  if (info === undefined) return `${path} is not there: declare Directory[${path}], or mount what it is on`;
  if (info.type === 'symlink')
    return `${path} is a symlink to ${info.target ?? ''}: declare that path instead`;
  return info.type === 'directory' ? undefined : `${path} is not a directory`;
};

const aboutDataset = async (host: HostReader, { path, dataset }: Needs): Promise<string | undefined> => {
  if (dataset === undefined) return undefined;
  const mount = mountOf((await host.fact(mountTable)) ?? [], path);
  if (mount?.type === 'zfs' && mount.source === dataset) return undefined;
  return `dataset ${dataset} is not mounted at ${path}, where ${mount?.source ?? 'nothing'} is: run \`zfs mount ${dataset}\``;
};

/** Debian 12 has them in samba-vfs-modules, Debian 13 in samba. */
const aboutModules = (host: HostReader, modules: readonly string[]): string | undefined => {
  if (modules.length === 0) return undefined;
  const folders = (host.readDirectory('/usr/lib') ?? []).filter((name) => name.endsWith('-linux-gnu'));
  const installed = new Set(
    folders.flatMap((name) => host.readDirectory(`/usr/lib/${name}/samba/vfs`) ?? []),
  );
  const missing = modules.filter((name) => !installed.has(`${name}.so`));
  return missing.length === 0
    ? undefined
    : `there is no VFS module ${missing.join(', ')}: correct the name, or install samba-vfs-modules`;
};

export const obstacleTo = async (host: HostReader, needs: Needs): Promise<string | undefined> =>
  aboutDirectory(host, needs.path) ?? (await aboutDataset(host, needs)) ?? aboutModules(host, needs.modules);
