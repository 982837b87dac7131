import { readdirSync } from 'node:fs';
import { readBlockDevice } from './block-device.ts';
import { Unreadable, isCode } from './errors.ts';
import { FactsCache } from './facts-cache.ts';
import type { BlockDevice, DnsAnswer, DnsQuestion, Fact, FileInfo, HostReader } from './host.ts';
import { lstatOf, readRegularFile } from './read-file.ts';
import { readSecret } from './read-secret.ts';
import { KeptDirectories, within } from './safe-path.ts';
import type { Secret } from './secret.ts';
import type { SecretRef } from './secret-ref.ts';

/** Reads this machine. It has no method that changes anything: `--check` runs on this alone. */
export class RealReader implements HostReader {
  protected readonly facts = new FactsCache();
  protected readonly directories = new KeptDirectories();

  fact<T>(fact: Fact<T>): Promise<T> {
    return this.facts.get(fact);
  }

  lstat(path: string): FileInfo | undefined {
    return lstatOf(path);
  }

  readFile(path: string): Buffer | undefined {
    return readRegularFile(path);
  }

  lstatInHostileGround(path: string): FileInfo | undefined {
    return this.#belowSafely(path, (entry) => lstatOf(entry, path));
  }

  readFileInHostileGround(path: string): Buffer | undefined {
    return this.#belowSafely(path, (entry) => readRegularFile(entry, path));
  }

  readDirectory(path: string): readonly string[] | undefined {
    try {
      return readdirSync(path).sort();
    } catch (error) {
      if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
      throw new Unreadable(path, error);
    }
  }

  blockDevice(path: string): BlockDevice | undefined {
    return readBlockDevice(path);
  }

  secret(ref: SecretRef): Secret {
    return readSecret(ref);
  }

  async askDns(server: string, questions: readonly DnsQuestion[]): Promise<readonly DnsAnswer[]> {
    const { askServer } = await import('./ask-dns.ts');
    return await askServer(server, questions);
  }

  /** Undefined if one of the directories on the way is not there. */
  #belowSafely<T>(path: string, look: (entry: string) => T | undefined): T | undefined {
    try {
      return this.directories.inParent(path, (directory, name) => look(within(directory, name)));
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    }
  }
}
