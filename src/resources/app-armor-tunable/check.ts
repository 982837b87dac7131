import { compiledFrom, compileFilesCommand } from '../../facts/apparmor/compile.ts';
import { POLICY } from '../../facts/apparmor/folder.ts';
import type { Host } from '../../host/host.ts';
import { folderOf } from './files.ts';
import type { DropIn } from './schema.ts';

/** The parser looks here first for what it includes; root's alone, and gone after a boot. */
const SCRATCH = '/run/phoenix-apparmor';
const ROOT = { mode: 0o700, uid: 0, gid: 0 };

const clear = (host: Host): void => {
  if (host.lstat(SCRATCH) !== undefined) host.removeDirectory(SCRATCH, { recursive: true });
};

/** The folder as it would be: with the candidate, or without our file. */
const spread = async (host: Host, name: DropIn, candidate: string | undefined): Promise<void> => {
  const folder = folderOf(name);
  for (const path of [SCRATCH, `${SCRATCH}/tunables`, `${SCRATCH}/${folder}`]) host.makeDirectory(path, ROOT);
  const files = new Map<string, string | Buffer>();
  for (const file of host.readDirectory(`${POLICY}/${folder}`) ?? []) {
    const path = `${POLICY}/${folder}/${file}`;
    const content = host.lstat(path)?.type === 'file' ? host.readFile(path) : undefined;
    if (file !== 'phoenix' && content !== undefined) files.set(file, content);
  }
  if (candidate !== undefined) files.set('phoenix', candidate);
  for (const [file, content] of files)
    await host.writeFile(`${SCRATCH}/${folder}/${file}`, content, { ...ROOT, mode: 0o600 });
};

const errorsOf = async (
  host: Host,
  files: readonly string[],
  include?: string,
): Promise<readonly string[]> => {
  const paths = files.map((file) => `${POLICY}/${file}`);
  const result = await host.run(compileFilesCommand(paths, include));
  return compiledFrom(result.stdout, result).errors;
};

/** Compiles the profiles with the folder as it would be: an error in a tunable would keep every one of them from loading at boot. */
export const check = async (
  host: Host,
  name: DropIn,
  candidate: string | undefined,
  files: readonly string[],
): Promise<void> => {
  if (files.length === 0) return;
  clear(host);
  try {
    await spread(host, name, candidate);
    const errors = await errorsOf(host, files, SCRATCH);
    if (errors.length === 0) return;
    // What is wrong without it is not its fault.
    const before = await errorsOf(host, files);
    const own = errors.filter((error) => !before.includes(error));
    if (own.length > 0)
      throw new Error(
        `apparmor_parser rejects ${candidate === undefined ? 'profiles without it' : 'it'}; nothing was changed:\n` +
          own.join('\n').replaceAll(SCRATCH, POLICY),
      );
  } finally {
    clear(host);
  }
};
