import { present, unknown, type Reading } from '../../engine/reading.ts';
import { runningKernel } from '../../facts/kernels.ts';
import { hasModule, loadedDriver, userspaceVersions } from '../../facts/nvidia-driver.ts';
import { judgeGpus, readGpus, type Gpus } from '../../facts/nvidia-gpus.ts';
import { readOwnFile } from '../../facts/own-file.ts';
import type { HostReader } from '../../host/host.ts';
import { nvidiaSmi, nvidiaUnits, type Unit } from './facts.ts';
import { DAEMON, OURS, UNITS, type Actual, type Desired } from './schema.ts';
import { nodesOf, UNIT_PATH } from './unit.ts';

const GONE: Unit = { active: 'inactive', file: '', needsReload: false };

const filesOf = (host: HostReader) => {
  const file = readOwnFile(host, UNIT_PATH);
  const loaded = loadedDriver(host);
  const nouveau = host.lstat('/sys/module/nouveau') !== undefined;
  return {
    ...(file === undefined ? {} : { file }),
    written: host.lstat(UNIT_PATH)?.modified ?? 0,
    blocked: loaded === undefined && (nouveau || !hasModule(host, runningKernel(host))),
    ...(loaded === undefined ? {} : { loaded }),
    userspace: userspaceVersions(host),
  };
};

const readWanted = async (host: HostReader, want: Desired, gpus: Gpus): Promise<Reading<Actual>> => {
  const units = await host.fact(nvidiaUnits(UNITS));
  if (units === undefined) return unknown('systemctl is not installed: this host has no systemd');
  const files = filesOf(host);
  const daemon = units.get(DAEMON);
  const mayAsk = files.loaded !== undefined && gpus.host.length > 0;
  return present({
    gpus,
    ...files,
    unit: units.get(OURS) ?? GONE,
    ...(daemon === undefined || daemon.file === '' ? {} : { daemon }),
    missing: nodesOf(want, gpus.host.length).filter((path) => host.lstat(path) === undefined),
    ...(mayAsk ? { smi: await host.fact(nvidiaSmi) } : {}),
  });
};

/** Where there is nothing to do, nothing is asked. */
export const read = async (host: HostReader, want: Desired): Promise<Reading<Actual>> => {
  const gpus = readGpus(host, want);
  if (want.ensure === 'absent' || judgeGpus(want, gpus) === 'go on')
    return await readWanted(host, want, gpus);
  return present({ gpus, written: 0, unit: GONE, blocked: false, userspace: [], missing: [] });
};
