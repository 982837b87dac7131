/** The policy of this host as files that include each other. */
import { dirname, resolve } from 'node:path';
import type { HostReader } from '../../host/host.ts';
import { POLICY } from './folder.ts';
import { parsePolicy, type PolicyText } from './policy-text.ts';

/** What the parser passes over in a folder (apparmor_parser(8)). */
const SKIPPED =
  /^\.|^README$|~$|\.(?:dpkg-(?:new|old|dist|bak|remove)|rpmnew|rpmsave|orig|rej|pacsave|pacnew)$/;

export interface Profile {
  /** In /etc/apparmor.d. */
  readonly name: string;
  /** All folders that it includes, there or not. */
  readonly folders: ReadonlySet<string>;
  /** Itself and all that it includes. */
  readonly texts: readonly PolicyText[];
  /** What these are, files and folders, there or not, by absolute path. */
  readonly paths: readonly string[];
}

export class PolicyFiles {
  readonly #host: HostReader;
  readonly #texts = new Map<string, PolicyText | undefined>();

  constructor(host: HostReader) {
    this.#host = host;
  }

  /** Those that are loaded at boot. */
  profiles(): Profile[] {
    const disabled = new Set(this.#host.readDirectory(`${POLICY}/disable`) ?? []);
    return this.#filesIn(POLICY)
      .filter((name) => !disabled.has(name))
      .map((name) => this.profile(name));
  }

  /** One of /etc/apparmor.d, there or not. */
  profile(name: string): Profile {
    const seen = new Map<string, PolicyText | undefined>();
    this.#follow(`${POLICY}/${name}`, seen);
    const texts = [...seen.values()].filter((text) => text !== undefined);
    const paths = [...seen.keys()];
    return { name, folders: new Set(paths.filter((path) => path.endsWith('.d'))), texts, paths };
  }

  /** The tunables, packaged ones and what is dropped in, but for one file. */
  tunables(except: string): PolicyText[] {
    const folder = `${POLICY}/tunables`;
    const paths = (this.#host.readDirectory(folder) ?? []).flatMap((name) =>
      name.endsWith('.d')
        ? this.#filesIn(`${folder}/${name}`).map((file) => `${folder}/${name}/${file}`)
        : [`${folder}/${name}`],
    );
    return paths
      .filter((path) => path !== except)
      .map((path) => this.#text(path))
      .filter((text) => text !== undefined);
  }

  #filesIn(folder: string): string[] {
    return (this.#host.readDirectory(folder) ?? []).filter(
      (name) => !SKIPPED.test(name) && this.#typeOf(`${folder}/${name}`) === 'file',
    );
  }

  #typeOf(path: string): string | undefined {
    const info = this.#host.lstat(path);
    return info?.target === undefined
      ? info?.type
      : this.#host.lstat(resolve(dirname(path), info.target))?.type;
  }

  #text(path: string): PolicyText | undefined {
    if (!this.#texts.has(path)) {
      const target = this.#host.lstat(path)?.target;
      const real = target === undefined ? path : resolve(dirname(path), target);
      const isFile = this.#host.lstat(real)?.type === 'file';
      const content = isFile ? this.#host.readFile(real)?.toString() : undefined;
      this.#texts.set(path, content === undefined ? undefined : parsePolicy(content));
    }
    return this.#texts.get(path);
  }

  /** A folder is included with all of its files. */
  #follow(path: string, seen: Map<string, PolicyText | undefined>): void {
    if (seen.has(path)) return;
    const text = this.#text(path);
    seen.set(path, text);
    if (text === undefined) for (const file of this.#filesIn(path)) this.#follow(`${path}/${file}`, seen);
    for (const include of text?.includes ?? []) this.#follow(resolve(POLICY, include), seen);
  }
}
