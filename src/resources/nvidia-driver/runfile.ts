/** NVIDIA's own installer: fetched, checked, tried, run. */
import { reasonOf } from '../../engine/reading.ts';
import type { CommandResult, Host } from '../../host/host.ts';
import { RUNFILES, runfileOf, WORK } from './files.ts';

const MINUTE = 60_000;
const OUTPUT = 16 * 1024 * 1024;
const OWN = { mode: 0o700, uid: 0, gid: 0 };
/** Installers have 300 to 500 MB. */
const LARGEST = 2 * 1024 * 1024 * 1024;

const sumOf = async (host: Host, file: string): Promise<string> => {
  const { stdout } = await host.run({ program: 'sha256sum', args: ['--', file], timeout: 10 * MINUTE });
  return /^\\?([0-9a-f]{64})\s/.exec(stdout)?.[1] ?? '';
};

const ensureFolder = (host: Host): void => {
  if (host.lstat(RUNFILES) === undefined) host.makeDirectory(RUNFILES, OWN);
};

/** Goes on where an earlier one ended; ends when next to nothing comes any more. */
const download = (host: Host, url: string, part: string): Promise<CommandResult> => {
  const limits = ['--connect-timeout', '30', '--speed-limit', '1000', '--speed-time', '60'];
  const size = ['--max-time', '7200', '--max-filesize', String(LARGEST)];
  const retries = ['--retry', '3', '--retry-delay', '5'];
  const how = ['--fail', '--location', '--proto', '=http,https', '--silent', '--show-error'];
  return host.run({
    program: 'curl',
    args: [...how, ...limits, ...size, ...retries, '--continue-at', '-', '--output', part, '--', url],
    timeout: 125 * MINUTE,
    okCodes: Array.from({ length: 256 }, (_, code) => code),
  });
};

/** It is nobody's, and too large to be kept as other files are. */
const discard = async (host: Host, part: string): Promise<void> => {
  await host.run({ program: 'rm', args: ['-f', '--', part] });
};

/** Its server cannot go on in the middle (33), or there is nothing left to get (22 with 416): anew, or as it is. */
const CANNOT_RESUME = 33;

const get = async (host: Host, from: string, part: string): Promise<string | undefined> => {
  if (from.startsWith('/')) {
    await host.run({ program: 'cp', args: ['--', from, part], timeout: 10 * MINUTE });
    return undefined;
  }
  const first = await download(host, from, part);
  if (first.code === CANNOT_RESUME) await discard(host, part);
  const { code, stderr } = first.code === CANNOT_RESUME ? await download(host, from, part) : first;
  return code === 0 ? undefined : `${from} cannot be fetched: ${stderr.trim()} (curl, exit code ${code})`;
};

/** Gets its final name only when it is what it must be. */
export const fetch = async (host: Host, from: string, sha256: string): Promise<void> => {
  ensureFolder(host);
  const part = `${runfileOf(sha256)}.part`;
  host.progress(from);
  const failure = await get(host, from, part);
  const found = host.lstat(part) === undefined ? '' : await sumOf(host, part);
  if (found === sha256) {
    await host.run({ program: 'mv', args: ['--', part, runfileOf(sha256)] });
    return;
  }
  // the rest may come the next time
  if (failure !== undefined) throw new Error(failure);
  await discard(host, part);
  throw new Error(
    `${from} is not what it must be: expected the SHA-256 sum ${sha256}, found ${found}; it was removed and nothing of it was run. Compare the sum with the one that NVIDIA publishes`,
  );
};

/** The end of what it has to say, most of which is in its log. */
const errorsIn = (host: Host): string => {
  const log = host.readFile('/var/log/nvidia-installer.log')?.toString() ?? '';
  const errors = log.split('\n').filter((line) => line.startsWith('ERROR:'));
  return errors.length === 0 ? '' : `\n/var/log/nvidia-installer.log:\n${errors.slice(-5).join('\n')}`;
};

const clear = (host: Host): void => {
  if (host.lstat(WORK) !== undefined) host.removeDirectory(WORK, { recursive: true });
};

interface Installation {
  readonly sha256: string;
  readonly kernel: string;
  readonly modules?: 'proprietary' | 'open' | undefined;
}

const endOf = (text: string): string => text.trimEnd().split('\n').slice(-8).join('\n');

/** As the readme of the driver has it; the installer itself takes the old driver away before it is done. */
const tryBuild = async (host: Host, file: string, { kernel, modules }: Installation): Promise<void> => {
  clear(host);
  host.makeDirectory(WORK, OWN);
  const tree = `${WORK}/extracted`;
  try {
    await host.run({ program: 'sh', args: [file, '--extract-only', '--target', tree], timeout: 10 * MINUTE });
    const kinds = modules === 'open' ? ['kernel-open'] : ['kernel', 'kernel-open'];
    const folder = kinds.map((kind) => `${tree}/${kind}`).find((one) => host.lstat(one) !== undefined);
    if (folder === undefined) throw new Error(`the installer has no ${kinds.join(' or ')}`);
    host.progress(`the modules for ${kernel} on trial, which takes some minutes`);
    const { code, stdout, stderr } = await host.run({
      program: 'make',
      args: ['-C', folder, `KERNEL_UNAME=${kernel}`, 'modules'],
      timeout: 60 * MINUTE,
      maxOutput: OUTPUT,
      okCodes: [0, 1, 2],
    });
    // what the compiler says stands in either stream
    if (code !== 0) throw new Error(`make has failed:\n${endOf(stdout)}\n${endOf(stderr)}`);
  } catch (error) {
    throw new Error(
      `the new driver cannot be built for ${kernel}, and was not installed; the old driver stays: ${reasonOf(error)}`,
      { cause: error },
    );
  } finally {
    clear(host);
  }
};

/** Older installers do not have all of them. */
const OPTIONAL = [
  '--no-rebuild-initramfs',
  '--skip-module-load',
  '--allow-installation-with-running-driver',
  '--kernel-module-type',
];

const optionsFor = async (host: Host, file: string, { kernel, modules }: Installation): Promise<string[]> => {
  const { stdout } = await host.run({
    program: 'sh',
    args: [file, '--advanced-options'],
    timeout: 10 * MINUTE,
    maxOutput: OUTPUT,
  });
  const known = OPTIONAL.filter((option) => stdout.includes(option));
  const type = known.includes('--kernel-module-type') && modules !== undefined;
  return [
    '--silent',
    '--dkms',
    '--no-x-check',
    '--no-opengl-files',
    `--kernel-name=${kernel}`,
    ...known.filter((option) => option !== '--kernel-module-type'),
    ...(type ? [`--kernel-module-type=${modules}`] : []),
  ];
};

export const runInstaller = async (
  host: Host,
  op: Installation & { readonly tryFirst: boolean },
): Promise<void> => {
  const file = runfileOf(op.sha256);
  const found = await sumOf(host, file);
  if (found !== op.sha256)
    throw new Error(`${file} is no longer what was fetched (SHA-256 sum ${found}); remove it, and run again`);
  if (op.tryFirst) await tryBuild(host, file, op);
  const options = await optionsFor(host, file, op);
  host.progress(`the installer for ${op.kernel}, which takes some minutes`);
  try {
    await host.run({ program: 'sh', args: [file, ...options], timeout: 60 * MINUTE, maxOutput: OUTPUT });
  } catch (error) {
    throw new Error(`${reasonOf(error)}${errorsIn(host)}`, { cause: error });
  }
};

export const runUninstaller = async (host: Host): Promise<void> => {
  await host.run({
    program: 'nvidia-uninstall',
    args: ['--silent'],
    timeout: 10 * MINUTE,
    maxOutput: OUTPUT,
  });
};
