import { present, unknown, type Reading } from '../../engine/reading.ts';
import { dkmsModules, type DkmsModule } from '../../facts/dkms.ts';
import { dpkgPackages, type DpkgPackage } from '../../facts/dpkg.ts';
import { hasHeaders, nextKernel, runningKernel } from '../../facts/kernels.ts';
import { headerPackages } from './headers.ts';
import { loadedDriver, UNINSTALLER, userspaceVersions } from '../../facts/nvidia-driver.ts';
import { judgeGpus, readGpus, type Gpus } from '../../facts/nvidia-gpus.ts';
import { readOwnFile } from '../../facts/own-file.ts';
import { OFF, secureBoot } from '../../facts/secure-boot.ts';
import type { HostReader } from '../../host/host.ts';
import { BLACKLIST, runfileOf } from './files.ts';
import type { Actual, Desired, Next, Package } from './schema.ts';

type Packages = ReadonlyMap<string, DpkgPackage>;

const isOfNvidia = ({ name }: DkmsModule): boolean => name.startsWith('nvidia');

const packagesOf = (want: Desired, known: Packages): Record<string, Package> =>
  Object.fromEntries(
    want.packages.flatMap((name): [string, Package][] => {
      const one = known.get(name);
      return one === undefined ? [] : [[name, { version: one.version, state: one.state, held: one.held }]];
    }),
  );

const nextOf = (host: HostReader, modules: readonly DkmsModule[]): Next | undefined => {
  const version = nextKernel(host)?.version;
  if (version === undefined) return undefined;
  return {
    version,
    isRunning: version === runningKernel(host),
    hasHeaders: hasHeaders(host, version),
    written: host.lstat(`/lib/modules/${version}/modules.dep`)?.modified ?? 0,
    modules: modules
      .filter(({ kernel, state }) => kernel === version && state === 'installed')
      .map((module) => module.version),
  };
};

/** Debian's, those of its older branches, and those of NVIDIA's archive. */
const RIVAL = /^(?:nvidia-.*kernel.*dkms|nvidia-driver|cuda-drivers|nvidia-open)$/;

const rivalsIn = (known: Packages): string[] =>
  [...known.values()]
    .filter(({ name, state }) => state === 'installed' && RIVAL.test(name))
    .map(({ name }) => name);

/** The installer brings no DKMS; packages depend on it. */
const missingTools = ({ source, url }: Desired, known: Packages): string[] => {
  const tools = source === 'package' ? [] : ['dkms', 'make', ...(url === undefined ? [] : ['curl'])];
  return tools.filter((name) => known.get(name)?.state !== 'installed');
};

const NOTHING: Omit<Actual, 'gpus'> = {
  packages: {},
  headers: [],
  byInstaller: false,
  rivals: [],
  fetched: false,
  written: 0,
  nouveau: false,
  userspace: [],
  secureBoot: OFF,
};

const filesOf = (host: HostReader) => {
  const blacklist = readOwnFile(host, BLACKLIST);
  const loaded = loadedDriver(host);
  return {
    byInstaller: host.lstat(UNINSTALLER) !== undefined,
    ...(blacklist === undefined ? {} : { blacklist }),
    written: host.lstat(BLACKLIST)?.modified ?? 0,
    nouveau: host.lstat('/sys/module/nouveau') !== undefined,
    ...(loaded === undefined ? {} : { loaded }),
    userspace: userspaceVersions(host),
    secureBoot: secureBoot(host),
  };
};

const readWanted = async (host: HostReader, want: Desired, gpus: Gpus): Promise<Reading<Actual>> => {
  const known = await host.fact(dpkgPackages);
  if (known === undefined) return unknown('dpkg-query is not installed: this is no Debian host');
  const modules = (await host.fact(dkmsModules)).filter(isOfNvidia);
  const next = nextOf(host, modules);
  return present({
    gpus,
    packages: packagesOf(want, known),
    headers: [...headerPackages(known, next), ...missingTools(want, known)],
    rivals: rivalsIn(known),
    fetched: want.sha256 !== undefined && host.lstat(runfileOf(want.sha256)) !== undefined,
    ...(next === undefined ? {} : { next }),
    ...filesOf(host),
  });
};

/** Where there is nothing to do, nothing is asked: on a host without a card that is most runs. */
export const read = async (host: HostReader, want: Desired): Promise<Reading<Actual>> => {
  const gpus = readGpus(host, want);
  return want.ensure === 'present' && judgeGpus(want, gpus) !== 'go on'
    ? present({ ...NOTHING, gpus })
    : await readWanted(host, want, gpus);
};
