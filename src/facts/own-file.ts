/** A file that phoenix writes whole, as root, for everybody to read: what stands there, what differs, how it changes. */
import { z } from 'zod';
import type { Action, Debt, Finding, Risk } from '../engine/action.ts';
import { reasonOf } from '../engine/reading.ts';
import type { FileInfo, FileMeta, Host, HostReader, WriteOptions } from '../host/host.ts';
import { modeBits, modeText } from './ownership.ts';

export interface OwnFile {
  readonly type: FileInfo['type'];
  readonly text: string;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

const path = z.string();

export const ownFileOps = [
  z.strictObject({ op: z.literal('write'), path, text: z.string() }),
  z.strictObject({ op: z.literal('set-meta'), path, mode: z.string(), uid: z.int(), gid: z.int() }),
  z.strictObject({ op: z.literal('remove'), path }),
] as const;
export type OwnFileOp = z.output<(typeof ownFileOps)[number]>;

export const READABLE: FileMeta = { mode: 0o644, uid: 0, gid: 0 };

export const readOwnFile = (host: HostReader, file: string): OwnFile | undefined => {
  const info = host.lstat(file);
  if (info === undefined) return undefined;
  const { type, mode, uid, gid } = info;
  const text = type === 'file' ? (host.readFile(file) ?? '').toString() : '';
  return { type, text, mode: modeText(mode), uid, gid };
};

export interface WantedFile {
  readonly path: string;
  /** Undefined: there is to be none. */
  readonly text: string | undefined;
  readonly risk: Risk;
  readonly owes?: readonly Debt[];
}

const owing = ({ owes }: WantedFile): Pick<Action, 'owes'> => (owes === undefined ? {} : { owes });

const write = (want: WantedFile, text: string, old: string | undefined): Action<OwnFileOp> => ({
  does: { op: 'write', path: want.path, text },
  description: `${old === undefined ? 'create' : 'rewrite'} ${want.path}`,
  risk: want.risk,
  changes: [{ path: 'content', from: old ?? null, to: text, as: 'text' }],
  undo: {
    by: old === undefined ? { op: 'remove', path: want.path } : { op: 'write', path: want.path, text: old },
  },
  ...owing(want),
});

const remove = (want: WantedFile, old: string): Action<OwnFileOp> => ({
  does: { op: 'remove', path: want.path },
  description: `remove ${want.path}`,
  risk: want.risk,
  changes: [{ path: 'content', from: old, to: null, as: 'text' }],
  undo: { by: { op: 'write', path: want.path, text: old } },
  ...owing(want),
});

const RIGHT = { mode: modeText(READABLE.mode), uid: READABLE.uid, gid: READABLE.gid };
const META = ['mode', 'uid', 'gid'] as const;

const setMeta = (want: WantedFile, { mode, uid, gid }: OwnFile): Action<OwnFileOp> => {
  const found = { mode, uid, gid };
  return {
    does: { op: 'set-meta', path: want.path, ...RIGHT },
    description: `set ${want.path} to 0644, owned by root:root`,
    risk: want.risk,
    changes: META.filter((name) => found[name] !== RIGHT[name]).map((name) => ({
      path: name,
      from: found[name],
      to: RIGHT[name],
    })),
    undo: { by: { op: 'set-meta', path: want.path, ...found } },
  };
};

const refuseType = (want: WantedFile, { type }: OwnFile): Finding<OwnFileOp> => ({
  refuses: `expected ${want.path} to be a file, found a ${type === 'other' ? 'special file' : type}; move it away`,
  changes: [{ path: 'type', from: type, to: want.text === undefined ? 'absent' : 'file' }],
});

export const diffOwnFile = (want: WantedFile, found: OwnFile | undefined): Finding<OwnFileOp>[] => {
  if (found !== undefined && found.type !== 'file') return [refuseType(want, found)];
  if (want.text === undefined) return found === undefined ? [] : [remove(want, found.text)];
  if (found?.text !== want.text) return [write(want, want.text, found?.text)];
  return META.every((name) => found[name] === RIGHT[name]) ? [] : [setMeta(want, found)];
};

export const convergeOwnFile = async (
  op: OwnFileOp,
  host: Host,
  checks: Pick<WriteOptions, 'checkedBy'> = {},
): Promise<void> => {
  switch (op.op) {
    case 'write':
      await host.writeFile(op.path, op.text, { ...READABLE, ...checks });
      return;
    case 'set-meta':
      host.setMeta(op.path, { mode: modeBits(op.mode), uid: op.uid, gid: op.gid });
      return;
    case 'remove':
      host.removeFile(op.path);
      return;
  }
};

/** A change that passes alone may still break the whole; then the file is brought back as it was. */
export const orBringBack = async (
  host: Host,
  file: string,
  change: () => Promise<void>,
  judge: () => Promise<void>,
): Promise<void> => {
  const content = host.readFile(file);
  const { mode, uid, gid } = host.lstat(file) ?? READABLE;
  await change();
  try {
    await judge();
  } catch (error) {
    if (content === undefined) host.removeFile(file);
    else await host.writeFile(file, content, { mode, uid, gid });
    throw new Error(`${file}: brought back as it was: ${reasonOf(error)}`, { cause: error });
  }
};
