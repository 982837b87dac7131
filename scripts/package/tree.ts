/** The files of a package before they are packed: paths, modes, contents, all with the same time. */
import { chmodSync, cpSync, lutimesSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** zlib writes no time and no name into it: the same text gives the same bytes. */
export const gzipped = (text: string): Buffer => gzipSync(text, { level: 9 });

export class Tree {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
    mkdirSync(root, { recursive: true });
  }

  directory(path: string, mode = 0o755): void {
    const at = join(this.root, path);
    mkdirSync(at, { recursive: true });
    chmodSync(at, mode);
  }

  file(path: string, content: string | Buffer, mode = 0o644): void {
    const at = join(this.root, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, content);
    chmodSync(at, mode);
  }

  copy(from: string, path: string, mode = 0o644): void {
    const at = join(this.root, path);
    mkdirSync(dirname(at), { recursive: true });
    cpSync(from, at);
    chmodSync(at, mode);
  }

  link(path: string, target: string): void {
    const at = join(this.root, path);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(target, at);
  }

  #entries(): { readonly path: string; readonly isDirectory: boolean }[] {
    return readdirSync(this.root, { recursive: true, withFileTypes: true }).map((entry) => ({
      path: join(entry.parentPath, entry.name),
      isDirectory: entry.isDirectory(),
    }));
  }

  /** Directories that nobody gave a mode have that of the umask until now; every time becomes the same. */
  settle(epoch: number, keepModes: readonly string[]): void {
    const kept = new Set(keepModes.map((path) => join(this.root, path)));
    for (const { path, isDirectory } of this.#entries()) {
      if (isDirectory && !kept.has(path)) chmodSync(path, 0o755);
      lutimesSync(path, epoch, epoch);
    }
    chmodSync(this.root, 0o755);
    lutimesSync(this.root, epoch, epoch);
  }
}
