import { convergeOwnFile, orBringBack, READABLE } from '../../facts/own-file.ts';
import type { FileMeta, Host } from '../../host/host.ts';
import { withDefaultPool } from './default-pool.ts';
import { chronyd } from './facts.ts';
import { linesWithout } from './render.ts';
import { FOLDER, MAIN, SETTINGS, type NtpOp } from './schema.ts';

type WriteOp = Extract<NtpOp, { op: 'write' }>;

const ROOTS: FileMeta = { mode: 0o755, uid: 0, gid: 0 };

const directivesIn = (text: string): string[] =>
  text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

/**
 * As arguments, not as a file: its AppArmor profile lets chronyd read nothing but what is live. It prints what it has
 * understood, and does nothing else (chronyd(8), -p).
 */
const checkLines = async (host: Host, text: string): Promise<void> => {
  await host.run({ program: 'chronyd', args: ['-p', ...directivesIn(text)] });
};

const checkWhole = async (host: Host): Promise<void> => {
  await host.run({ program: 'chronyd', args: ['-p', '-f', MAIN] });
};

const switchPool = async (used: boolean, host: Host): Promise<void> => {
  const text = withDefaultPool(host.readFile(MAIN)?.toString() ?? '', used);
  const { mode, uid, gid } = host.lstat(MAIN) ?? READABLE;
  await orBringBack(
    host,
    MAIN,
    () => host.writeFile(MAIN, text, { mode, uid, gid }),
    () => checkWhole(host),
  );
};

/** It answers `200 OK` to a file that it could make nothing of (4.6): what counts is read afterwards. */
const reload = async (host: Host): Promise<void> => {
  const { stdout, code } = await host.run({
    program: 'chronyc',
    args: ['reload', 'sources'],
    okCodes: [0, 1],
  });
  // while it does not run there is nothing to reload: it reads them when it starts
  if (code !== 0 && !/^506 /m.test(stdout)) throw new Error(`chronyc reload sources: ${stdout.trim()}`);
};

/** What chronyd once had from our file, and somebody has deleted since, no reload brings back (4.6). */
const add = async (host: Host, lines: readonly string[]): Promise<void> => {
  for (const line of lines) await host.run({ program: 'chronyc', args: ['add', ...line.split(' ')] });
};

const missingOf = async (host: Host, text: string): Promise<string[]> => {
  host.lookAnew();
  const live = await host.fact(chronyd);
  return live === undefined ? [] : linesWithout(text, live.sources);
};

/**
 * Each file by itself before it is live, and all of them together after. Sources are reloaded at once, so that they can
 * be read back; that it is owed besides is for a run that is cut off in between.
 */
const write = async (op: WriteOp, host: Host): Promise<void> => {
  await checkLines(host, op.text);
  const folder = op.path.slice(0, op.path.lastIndexOf('/'));
  for (const path of [FOLDER, folder]) if (host.lstat(path) === undefined) host.makeDirectory(path, ROOTS);
  const act = (): Promise<void> => convergeOwnFile(op, host);
  if (op.path === SETTINGS) await orBringBack(host, op.path, act, () => checkWhole(host));
  else {
    await act();
    await reload(host);
    await add(host, await missingOf(host, op.text));
  }
};

export const converge = async (op: NtpOp, host: Host): Promise<void> => {
  switch (op.op) {
    case 'write':
      await write(op, host);
      return;
    case 'default-pool':
      await switchPool(op.used, host);
      return;
    case 'reload-sources':
      await reload(host);
      return;
    case 'add-sources':
      await add(host, op.lines);
      return;
    default:
      await convergeOwnFile(op, host);
  }
};
