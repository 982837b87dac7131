import { loadModule } from '../../facts/load-module.ts';
import { loadedDriver } from '../../facts/nvidia-driver.ts';
import { convergeOwnFile } from '../../facts/own-file.ts';
import type { Host } from '../../host/host.ts';
import { build, tryBuild } from './build.ts';
import { fetch, runInstaller, runUninstaller } from './runfile.ts';
import type { NvidiaOp, Target } from './schema.ts';
import { simulated, transact } from './simulate.ts';

type OpOf<Name extends NvidiaOp['op']> = Extract<NvidiaOp, { op: Name }>;

const wordOf = ({ name, version }: Target): string => (version === undefined ? name : `${name}=${version}`);

const install = async (op: OpOf<'install'>, host: Host): Promise<void> => {
  const flags = ['--no-install-recommends', ...(op.reinstall ? ['--reinstall'] : [])];
  const args = ['install', ...flags, ...op.packages.map(wordOf)];
  const { installs } = await simulated(host, args);
  if (op.tryFor !== undefined) await tryBuild(host, installs, op.tryFor);
  host.progress(op.packages.map(({ name }) => name).join(', '));
  await transact(host, args);
};

const uninstall = async ({ packages }: OpOf<'uninstall'>, host: Host): Promise<void> => {
  const args = ['remove', ...packages];
  await simulated(host, args, packages);
  await transact(host, args);
};

const load = async (host: Host): Promise<void> => {
  await loadModule(host, 'nvidia');
  if (loadedDriver(host) === undefined)
    throw new Error('modprobe nvidia has succeeded, and no driver is loaded; see `dmesg | grep NVRM`');
};

export const converge = async (op: NvidiaOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'install':
      await install(op, host);
      return;
    case 'uninstall':
      await uninstall(op, host);
      return;
    case 'build':
      await build(host, op.kernel);
      return;
    case 'load':
      await load(host);
      return;
    case 'fetch':
      await fetch(host, op.from, op.sha256);
      return;
    case 'run-installer':
      await runInstaller(host, op);
      return;
    case 'run-uninstaller':
      await runUninstaller(host);
      return;
    default:
      await convergeOwnFile(op, host);
  }
};
