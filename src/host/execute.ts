/** The one place that starts programs (but for flock(1), see lock.ts). */
import { statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { displayArgv } from './display.ts';
import { CommandFailed, ProgramMissing, type HowItEnded } from './errors.ts';
import type { Command, CommandResult } from './host.ts';
import { findProgram, PROGRAM_PATH } from './programs.ts';
import { Secret } from './secret.ts';

const TIMEOUT = 120_000;
const MAX_OUTPUT = 1024 * 1024;
/** A daemon that a command left behind may hold its output open: not waited for longer than this after the command's end. */
const LINGER = 2_000;

const CLEAN_ENVIRONMENT = {
  PATH: PROGRAM_PATH.join(':'),
  HOME: '/root',
  LC_ALL: 'C.UTF-8',
  LANG: 'C.UTF-8',
  LANGUAGE: '',
  TZ: 'UTC',
  DEBIAN_FRONTEND: 'noninteractive',
};

/** Collects a stream up to a limit; `over` is called once when there is more. */
const collect = (
  stream: Readable,
  limit: number,
  over: () => void,
  encoding: BufferEncoding = 'utf8',
): (() => string) => {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size + chunk.length > limit) {
      chunks.push(chunk.subarray(0, Math.max(0, limit - size)));
      over();
    } else chunks.push(chunk);
    size += chunk.length;
  });
  // Without a listener a broken pipe would end the agent.
  stream.on('error', () => undefined);
  return () => Buffer.concat(chunks).toString(encoding);
};

const inputOf = (command: Command): { stdin: 'ignore' } | { input: string } => {
  if (command.input === undefined) return { stdin: 'ignore' };
  return { input: command.input instanceof Secret ? command.input.reveal() : command.input };
};

/** What the program printed, without the secret that it was given (chpasswd, for one, repeats bad lines). */
const masked = (text: string, command: Command): string => {
  if (!(command.input instanceof Secret)) return text;
  return (
    command.input
      .reveal()
      .split(/[\n:]/)
      .filter((part) => part.length >= 4)
      // The longest first: a part may begin another.
      .sort((a, b) => b.length - a.length)
      .reduce((shown, part) => shown.replaceAll(part, '«secret»'), text)
  );
};

const closed = (stream: Readable): Promise<void> =>
  new Promise((resolve) => {
    if (stream.closed || stream.readableEnded) resolve();
    else stream.once('close', resolve).once('end', resolve);
  });

const pathOf = (program: string): string => {
  const file = findProgram(program);
  if (file === undefined) throw new ProgramMissing(program);
  return file;
};

/** The program; or flock(1) for each disk, which becomes the next one, and in the end the program. */
const argvOf = ({ program, args, partitions = [] }: Command): [file: string, argv: readonly string[]] => {
  const own = pathOf(program);
  const chain = partitions.flatMap((disk) => {
    // flock(1) would make a file of that name.
    statSync(disk);
    return [pathOf('flock'), '--shared', '--no-fork', disk];
  });
  const [file = own, ...argv] = [...chain, own, ...args];
  return [file, argv];
};

/**
 * Runs a program to its end, and returns whatever its exit code was; throws if it could not be started, ran out of
 * time, was killed or printed too much. It gets a clean environment, no terminal, its own process group, which is
 * killed as a whole (execa's own time-out leaves grandchildren that hold the output open).
 */
export const execute = async (command: Command): Promise<CommandResult> => {
  const [file, argv] = argvOf(command);
  const { execa } = await import('execa');
  let killed: HowItEnded | undefined;

  const child = execa(file, argv, {
    ...inputOf(command),
    env: { ...CLEAN_ENVIRONMENT, ...command.env },
    extendEnv: false,
    cwd: '/',
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    stripFinalNewline: false,
  });
  if (child.pid === undefined) {
    // It could not be started; where argv is too long no event would tell so.
    const { cause } = await child;
    throw new Error(`${displayArgv(command).slice(0, 200)}: cannot be started`, { cause });
  }
  const group = -child.pid;
  const kill = (why: HowItEnded): void => {
    killed ??= why;
    try {
      process.kill(group, 'SIGKILL');
    } catch {
      // The group is gone already: that is what was wanted.
    }
  };
  const limit = command.maxOutput ?? MAX_OUTPUT;
  const tooMuch = (): void => {
    kill({ how: 'printed too much', limit });
  };
  const stdout = collect(child.stdout, limit, tooMuch, command.encoding);
  const stderr = collect(child.stderr, MAX_OUTPUT, tooMuch);
  const after = command.timeout ?? TIMEOUT;
  const timer = setTimeout(() => {
    kill({ how: 'timed out', after });
  }, after);

  const exit = await new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
    child.once('error', reject);
  });
  clearTimeout(timer);
  const lingering = setTimeout(() => {
    child.stdout.destroy();
    child.stderr.destroy();
  }, LINGER);
  await Promise.all([closed(child.stdout), closed(child.stderr)]);
  clearTimeout(lingering);

  const result = {
    code: exit.code ?? 128,
    stdout: masked(stdout(), command),
    stderr: masked(stderr(), command),
  };
  // Also when the program itself had ended well: what it printed is not whole.
  if (killed !== undefined) throw new CommandFailed(command, killed, result);
  if (exit.signal !== null) throw new CommandFailed(command, { how: 'killed', signal: exit.signal }, result);
  return result;
};

/** As `execute`, and throws on an exit code that is not expected. */
export const executeOk = async (command: Command): Promise<CommandResult> => {
  const result = await execute(command);
  if (!(command.okCodes ?? [0]).includes(result.code))
    throw new CommandFailed(command, { how: 'exited' }, result);
  return result;
};
