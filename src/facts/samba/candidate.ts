/** Changes of the configuration, which testparm sees as a whole before any of it is live. */
import type { FileMeta, Host } from '../../host/host.ts';
import { includeIn, MAIN, OURS, readSambaFiles, textOf, withInclude, withSection } from './files.ts';
import { testparm, understood } from './testparm.ts';

/** Where no daemon looks; root's alone, and gone after a boot. */
const SCRATCH = '/run/phoenix-samba';
const ROOT: FileMeta = { mode: 0o700, uid: 0, gid: 0 };
const READABLE: FileMeta = { mode: 0o644, uid: 0, gid: 0 };

const clear = (host: Host): void => {
  if (host.lstat(SCRATCH) !== undefined) host.removeDirectory(SCRATCH, { recursive: true });
};

/** Exit codes lie: a complaint counts as well, unless the live configuration has it already. */
const judge = async (host: Host, before: readonly string[]): Promise<void> => {
  const result = await host.run({
    program: 'testparm',
    args: ['-s', `${SCRATCH}/smb.conf`],
    okCodes: [0, 1],
  });
  const { broken, complaints } = understood(result);
  const said = broken ? complaints : complaints.filter((line) => !before.includes(line));
  if (said.length === 0) return;
  throw new Error(
    `testparm rejects the configuration; nothing was written:\n${said.join('\n').replaceAll(SCRATCH, '/etc/samba')}`,
  );
};

/** Both files as they would be; ours is included from beside the other. */
const check = async (host: Host, main: string, ours: string): Promise<void> => {
  const before = (await host.fact(testparm))?.complaints ?? [];
  clear(host);
  try {
    host.makeDirectory(SCRATCH, ROOT);
    await host.writeFile(`${SCRATCH}/phoenix.conf`, ours, ROOT);
    const included =
      includeIn(main) === 'missing' ? main : withInclude(main, `include = ${SCRATCH}/phoenix.conf`);
    await host.writeFile(`${SCRATCH}/smb.conf`, included, ROOT);
    await judge(host, before);
  } finally {
    clear(host);
  }
};

/** Sections of our file by their names; undefined takes one away. */
export type SectionChanges = ReadonlyMap<string, readonly string[] | undefined>;

/** Writes sections of our file, or takes them away, if Samba takes the whole. Without any section it is no file. */
export const writeSections = async (host: Host, changes: SectionChanges): Promise<void> => {
  const { main, own } = readSambaFiles(host);
  const sections = [...changes].reduce((all, [name, lines]) => withSection(all, name, lines), own);
  const text = textOf(sections);
  await check(host, withInclude(main), text);
  if (sections.length === 0) host.removeFile(OURS);
  else await host.writeFile(OURS, text, READABLE);
};

/** Writes the distribution's file, with the line that includes ours or without it. */
export const writeMain = async (host: Host, change: (main: string) => string): Promise<void> => {
  const main = change(readSambaFiles(host).main);
  await check(host, main, host.readFile(OURS)?.toString() ?? '');
  const { mode, uid, gid } = host.lstat(MAIN) ?? READABLE;
  await host.writeFile(MAIN, main, { mode, uid, gid });
};
