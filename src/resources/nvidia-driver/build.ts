/** Builds by DKMS: for good, or beside what is there to see whether it can be done. */
import { reasonOf } from '../../engine/reading.ts';
import { dkmsModules, type DkmsModule } from '../../facts/dkms.ts';
import { hasHeaders } from '../../facts/kernels.ts';
import type { Change } from '../../facts/apt/simulation.ts';
import type { Host } from '../../host/host.ts';
import { WORK } from './files.ts';

/** Several modules of several megabytes of source, on a slow machine. */
const TIMEOUT = 3_600_000;
const OUTPUT = 16 * 1024 * 1024;
const OWN = { mode: 0o700, uid: 0, gid: 0 };

const isOfNvidia = ({ name }: DkmsModule): boolean => name.startsWith('nvidia');

const dkms = (host: Host, args: readonly string[]) =>
  host.run({ program: 'dkms', args, timeout: TIMEOUT, maxOutput: OUTPUT });

const lastOfLog = (host: Host, log: string): string => {
  const lines = host.readFile(log)?.toString().trimEnd().split('\n').slice(-12) ?? [];
  return lines.length === 0 ? '' : `\n${log} ends with:\n${lines.join('\n')}`;
};

const logOf = (tree: string, { name, version }: Pick<DkmsModule, 'name' | 'version'>): string =>
  `${tree}/${name}/${version}/build/make.log`;

const buildOne = async (host: Host, module: DkmsModule, kernel: string): Promise<void> => {
  const { name, version } = module;
  host.progress(`${name} ${version} for ${kernel}, which takes some minutes`);
  try {
    // what is there and differs from what was built is in the way of an installation
    await dkms(host, ['install', '--force', '-m', name, '-v', version, '-k', kernel]);
  } catch (error) {
    throw new Error(`${reasonOf(error)}${lastOfLog(host, logOf('/var/lib/dkms', module))}`, { cause: error });
  }
};

const isReady = (all: readonly DkmsModule[], module: DkmsModule, kernel: string): boolean =>
  all.some(
    (one) =>
      one.name === module.name &&
      one.version === module.version &&
      one.kernel === kernel &&
      one.state === 'installed',
  );

/** Every driver that DKMS has the source of, which is one. */
export const build = async (host: Host, kernel: string): Promise<void> => {
  const all = (await host.fact(dkmsModules)).filter(isOfNvidia);
  if (all.length === 0)
    throw new Error(
      'DKMS has no source of an NVIDIA driver (`dkms status`); reinstall the package that brings it, such as nvidia-kernel-dkms',
    );
  if (!hasHeaders(host, kernel))
    throw new Error(`/lib/modules/${kernel}/build is missing: install the headers of this kernel`);
  for (const module of all) if (!isReady(all, module, kernel)) await buildOne(host, module, kernel);
};

const clear = (host: Host): void => {
  if (host.lstat(WORK) !== undefined) host.removeDirectory(WORK, { recursive: true });
};

const PATH = /^nvidia[a-z0-9-]*-(\d[0-9.]*)$/;

/** Of a package that was unpacked: `nvidia-current-550.163.01` in its usr/src. */
const sourceIn = (host: Host, folder: string): { name: string; version: string } | undefined => {
  const entry = (host.readDirectory(`${folder}/usr/src`) ?? []).find((name) => PATH.test(name));
  const version = PATH.exec(entry ?? '')?.[1];
  return entry === undefined || version === undefined
    ? undefined
    : { name: entry.slice(0, -version.length - 1), version };
};

const unpack = async (host: Host, { name, to }: Change): Promise<string> => {
  const folder = `${WORK}/${name}`;
  // apt-get puts it into the folder that it is started in
  await host.run({
    program: 'env',
    args: [`--chdir=${WORK}`, 'apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', `${name}=${to}`],
    timeout: TIMEOUT,
  });
  const file = (host.readDirectory(WORK) ?? []).find((entry) => entry.startsWith(`${name}_`));
  if (file === undefined) throw new Error(`apt-get download ${name}=${to} has left no package in ${WORK}`);
  host.makeDirectory(folder, OWN);
  await host.run({ program: 'dpkg-deb', args: ['-x', `${WORK}/${file}`, folder], timeout: TIMEOUT });
  return folder;
};

const tryOne = async (host: Host, change: Change, kernel: string): Promise<void> => {
  const folder = await unpack(host, change);
  const source = sourceIn(host, folder);
  if (source === undefined) return;
  const tree = `${folder}/dkms`;
  host.makeDirectory(tree, OWN);
  const where = ['--dkmstree', tree, '--sourcetree', `${folder}/usr/src`];
  const which = ['-m', source.name, '-v', source.version];
  host.progress(`${source.name} ${source.version} for ${kernel} on trial, which takes some minutes`);
  await dkms(host, ['add', ...where, ...which]);
  try {
    await dkms(host, ['build', ...where, ...which, '-k', kernel]);
  } catch (error) {
    throw new Error(
      `${source.name} ${source.version} cannot be built for ${kernel}, and was not installed; the old driver stays: ${reasonOf(error)}${lastOfLog(host, logOf(tree, source))}`,
      { cause: error },
    );
  }
};

/** Of what is to be installed, all that DKMS is to build. */
export const tryBuild = async (host: Host, installs: readonly Change[], kernel: string): Promise<void> => {
  clear(host);
  try {
    host.makeDirectory(WORK, OWN);
    for (const change of installs.filter(({ name }) => name.startsWith('nvidia') && name.includes('dkms')))
      await tryOne(host, change, kernel);
  } finally {
    clear(host);
  }
};
