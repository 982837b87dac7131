import { mkdtempSync, writeFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { backupsIn, type Backups } from './backups.ts';
import { clearBlockDevice } from './block-device.ts';
import { executeOk } from './execute.ts';
import type {
  ClearOptions,
  Command,
  CommandResult,
  FileMeta,
  Note,
  NotedHost,
  WriteOptions,
} from './host.ts';
import {
  changeMeta,
  createDirectory,
  displace,
  refuseOddTarget,
  removeEntry,
  removeTree,
  writeInPlace,
} from './change-file.ts';
import { RealReader } from './real-reader.ts';
import { inParent } from './safe-path.ts';
import { replaceFile, replaceSymlink } from './durable.ts';
import { Secret } from './secret.ts';
import { STATE_DIRECTORY, stateFolder } from './state-directory.ts';

const bytesOf = (content: string | Buffer | Secret): Buffer => {
  if (Buffer.isBuffer(content)) return content;
  return Buffer.from(content instanceof Secret ? content.reveal() : content, 'utf8');
};

/** Changes this machine. Every change makes the facts that it may concern stale. */
export class RealHost extends RealReader implements NotedHost {
  readonly #state: string;
  readonly #backups: Backups;
  #notes: Note[] = [];
  #watcher: ((text: string) => void) | undefined;

  constructor(state: string = STATE_DIRECTORY) {
    super();
    this.#state = state;
    this.#backups = backupsIn(state);
  }

  note(text: string, key?: string): void {
    this.#notes.push(key === undefined ? { text } : { text, key });
  }

  takeNotes(): readonly Note[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  progress(text: string): void {
    this.#watcher?.(text);
  }

  watchedBy(watcher: (text: string) => void): void {
    this.#watcher = watcher;
  }

  async run(command: Command): Promise<CommandResult> {
    try {
      return await executeOk(command);
    } finally {
      this.lookAnew();
    }
  }

  async writeFile(path: string, content: string | Buffer | Secret, options: WriteOptions): Promise<void> {
    const { checkedBy, ...meta } = options;
    const bytes = bytesOf(content);
    if (checkedBy !== undefined) await this.#check(basename(path), bytes, checkedBy);
    this.#replace(path, bytes, meta);
  }

  restoreFile(path: string, sha256: string, meta: FileMeta): Promise<void> {
    this.#replace(path, this.#backups.content(sha256), meta);
    return Promise.resolve();
  }

  #replace(path: string, content: Buffer, meta: FileMeta): void {
    this.#changing(path, (directory, name) => {
      const old = refuseOddTarget(directory, name, path);
      if (old !== undefined) this.#backups.keep(path, old.content, old.info);
      replaceFile(directory, name, content, meta);
    });
  }

  /** The candidate lies in a folder of root's own, under its real name (systemd-analyze judges by it). */
  async #check(name: string, content: Buffer, checkedBy: Command): Promise<void> {
    const folder = mkdtempSync(`${stateFolder(this.#state, 'candidates')}/`);
    try {
      const candidate = `${folder}/${name}`;
      writeFileSync(candidate, content, { mode: 0o600 });
      await executeOk({ ...checkedBy, args: [...checkedBy.args, candidate] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  makeDirectory(path: string, meta: FileMeta): void {
    this.#changing(path, (directory, name) => {
      createDirectory(directory, name, path, meta);
    });
  }

  setMeta(path: string, meta: FileMeta): void {
    this.#changing(path, (directory, name) => {
      changeMeta(directory, name, path, meta);
    });
  }

  symlink(target: string, path: string, options: { readonly displace?: boolean } = {}): void {
    this.#changing(path, (directory, name) => {
      displace(directory, name, path, options.displace ?? false, this.#backups);
      replaceSymlink(directory, name, target);
    });
  }

  removeFile(path: string): void {
    this.#changing(path, (directory, name) => {
      removeEntry(directory, name, path, this.#backups);
    });
  }

  removeDirectory(path: string, options: { readonly recursive?: boolean } = {}): void {
    this.#changing(path, (directory, name) => {
      removeTree(directory, name, path, options.recursive ?? false);
    });
  }

  async clearBlockDevice(path: string, options: ClearOptions): Promise<void> {
    try {
      await clearBlockDevice(this.#state, path, options);
    } finally {
      this.lookAnew();
    }
  }

  lookAnew(): void {
    this.facts.forgetAll();
    this.directories.forget();
  }

  writeKernel(path: string, value: string): void {
    writeInPlace(path, value);
    this.facts.forgetPath(path);
  }

  #changing(path: string, change: (directory: number, name: string) => void): void {
    try {
      inParent(path, change);
    } finally {
      this.facts.forgetPath(path);
      this.directories.forget();
    }
  }
}
