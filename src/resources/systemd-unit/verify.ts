import type { Host } from '../../host/host.ts';
import { parseUnits, showCommand } from './facts.ts';
import { FOLDER } from './files.ts';

/** Where no daemon looks; root's alone, and gone after a boot. */
const SCRATCH = '/run/phoenix-verify';
const ROOT = { mode: 0o755, uid: 0, gid: 0 };
const READABLE = { ...ROOT, mode: 0o644 };

const clear = (host: Host): void => {
  if (host.lstat(SCRATCH) !== undefined) host.removeDirectory(SCRATCH, { recursive: true });
};

/** The unit file that drop-ins are for, if it is not one of ours. */
const foreignUnit = async (host: Host, unit: string): Promise<Buffer | undefined> => {
  const { stdout } = await host.run(showCommand([unit]));
  const fragment = parseUnits(stdout).get(unit)?.fragment;
  return fragment ? host.readFile(fragment) : undefined;
};

const spread = async (
  host: Host,
  unit: string,
  files: ReadonlyMap<string, string | Buffer>,
): Promise<void> => {
  host.makeDirectory(SCRATCH, { ...ROOT, mode: 0o700 });
  if ([...files.keys()].some((file) => file !== unit)) host.makeDirectory(`${SCRATCH}/${unit}.d`, ROOT);
  for (const [file, content] of files) await host.writeFile(`${SCRATCH}/${file}`, content, READABLE);
};

/** Exit codes lie (systemd 252, 257): a complaint about one of the candidates counts, whatever the code. */
const judge = (unit: string, code: number, stderr: string): void => {
  const lines = stderr.split('\n').filter((line) => line !== '');
  const complaints = lines.filter((line) => line.includes(`${SCRATCH}/`) || line.startsWith(`${unit}:`));
  if (code === 0 && complaints.length === 0) return;
  const said = (complaints.length > 0 ? complaints : lines).join('\n').replaceAll(SCRATCH, FOLDER);
  throw new Error(`systemd-analyze verify rejects ${unit}; nothing was written:\n${said}`);
};

/**
 * Verifies the files of a unit together, beside each other and under their real names. They come before the live ones
 * of the same name; an empty file hides an obsolete drop-in. Without a unit file there is nothing to verify: a path
 * that does not exist is verified with success (systemd 252).
 */
export const verify = async (
  host: Host,
  unit: string,
  files: Readonly<Record<string, string>>,
  obsolete: readonly string[],
): Promise<void> => {
  const candidates = new Map<string, string | Buffer>(Object.entries(files));
  for (const file of obsolete) candidates.set(file, '');
  if (!candidates.has(unit)) {
    const base = await foreignUnit(host, unit);
    if (base === undefined) return;
    candidates.set(unit, base);
  }
  clear(host);
  try {
    await spread(host, unit, candidates);
    const { code, stderr } = await host.run({
      program: 'systemd-analyze',
      args: ['verify', '--man=no', '--recursive-errors=no', `${SCRATCH}/${unit}`],
      okCodes: [0, 1],
    });
    judge(unit, code, stderr);
  } finally {
    clear(host);
  }
};
