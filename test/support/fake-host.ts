/** A host in memory: files, canned command output, and a record of everything that was asked to change. */
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type {
  BlockDevice,
  ClearOptions,
  Command,
  CommandResult,
  DnsAnswer,
  DnsQuestion,
  Fact,
  FileInfo,
  FileMeta,
  Host,
  WriteOptions,
} from '../../src/host/host.ts';
import { Secret } from '../../src/host/secret.ts';
import type { SecretRef } from '../../src/host/secret-ref.ts';

export interface FakeNode {
  type?: FileInfo['type'];
  content?: string;
  target?: string;
  mode?: string;
  uid?: number;
  gid?: number;
  nlink?: number;
  dev?: number;
  /** In milliseconds since 1970. */
  modified?: number;
  /** In milliseconds since 1970; `modified` unless told. */
  changed?: number;
  /** Reading it fails with this message. */
  unreadable?: string;
}

export interface FakeState {
  files?: Record<string, FakeNode | string>;
  /** Output of a command, by its argv joined with blanks (and ` < ` with what it gets as input, to tell such apart); one that is not listed is not installed. */
  commands?: Record<string, { code?: number; stdout?: string; stderr?: string } | string>;
  secrets?: Record<string, string>;
  /** By kernel name, such as /dev/vdb. */
  devices?: Record<string, BlockDevice | { unreadable: string }>;
  /**
   * What DNS servers say, by address and then by name and type joined with a blank; text is the code of an error. A
   * server that is not listed refuses the connection; a question that is not listed has no records.
   */
  dns?: Record<string, Record<string, string[] | string>>;
}

const contentOf = (content: string | Buffer | Secret): string =>
  content instanceof Secret ? content.reveal() : content.toString();

export class FakeHost implements Host {
  readonly calls: unknown[][] = [];
  readonly kept = new Map<string, string>();
  readonly #files = new Map<string, FakeNode>();
  readonly #commands: NonNullable<FakeState['commands']>;
  readonly #secrets: Record<string, string>;
  readonly #devices: NonNullable<FakeState['devices']>;
  readonly #dns: NonNullable<FakeState['dns']>;

  constructor(state: FakeState = {}) {
    for (const [path, node] of Object.entries(state.files ?? {}))
      this.#files.set(path, typeof node === 'string' ? { content: node } : node);
    this.#commands = state.commands ?? {};
    this.#secrets = state.secrets ?? {};
    this.#devices = state.devices ?? {};
    this.#dns = state.dns ?? {};
  }

  #argv(command: Pick<Command, 'program' | 'args'>): string {
    return [command.program, ...command.args].join(' ');
  }

  #result(command: Pick<Command, 'program' | 'args' | 'input'>): CommandResult | undefined {
    const argv = this.#argv(command);
    const input = typeof command.input === 'string' ? `${argv} < ${command.input}` : argv;
    const canned = this.#commands[input] ?? this.#commands[argv];
    if (canned === undefined) return undefined;
    const { code = 0, stdout = '', stderr = '' } = typeof canned === 'string' ? { stdout: canned } : canned;
    return { code, stdout, stderr };
  }

  async fact<T>(fact: Fact<T>): Promise<T> {
    if ('path' in fact) {
      const content = this.readFile(fact.path);
      return await Promise.resolve(content === undefined ? fact.absent : fact.parse(content.toString()));
    }
    const result = this.#result(fact.command);
    if (result === undefined) return fact.absent;
    if (!(fact.command.okCodes ?? [0]).includes(result.code))
      throw new Error(`${this.#argv(fact.command)}: exit code ${result.code}: ${result.stderr}`);
    return fact.parse(result.stdout, result);
  }

  lstat(path: string): FileInfo | undefined {
    const node = this.#files.get(path);
    if (node === undefined) return this.#isParent(path) ? this.#info({ type: 'directory' }) : undefined;
    if (node.unreadable) throw new Error(node.unreadable);
    return this.#info(node);
  }

  #isParent(path: string): boolean {
    const prefix = path === '/' ? '/' : `${path}/`;
    return [...this.#files.keys()].some((file) => file.startsWith(prefix));
  }

  #info(node: FakeNode): FileInfo {
    const type = node.type ?? (node.target === undefined ? 'file' : 'symlink');
    return {
      type,
      mode: Number.parseInt(node.mode ?? (type === 'directory' ? '0755' : '0644'), 8),
      uid: node.uid ?? 0,
      gid: node.gid ?? 0,
      size: Buffer.byteLength(node.content ?? ''),
      nlink: node.nlink ?? 1,
      dev: node.dev ?? 1,
      modified: node.modified ?? 0,
      changed: node.changed ?? node.modified ?? 0,
      ...(node.target === undefined ? {} : { target: node.target }),
    };
  }

  readFile(path: string): Buffer | undefined {
    const node = this.#files.get(path);
    if (node === undefined) return undefined;
    if (node.unreadable) throw new Error(node.unreadable);
    if (node.target !== undefined) throw new Error(`${path}: is a symlink`);
    if (node.type === 'directory') throw new Error(`${path}: is a directory`);
    return Buffer.from(node.content ?? '');
  }

  readFileInHostileGround(path: string): Buffer | undefined {
    return this.readFile(path);
  }

  lstatInHostileGround(path: string): FileInfo | undefined {
    return this.lstat(path);
  }

  readDirectory(path: string): readonly string[] | undefined {
    if (!this.lstat(path)) return undefined;
    const below = [...this.#files.keys()].filter((file) => file.startsWith(`${path}/`));
    return [...new Set(below.map((file) => file.slice(path.length + 1).split('/')[0]!))].sort();
  }

  blockDevice(path: string): BlockDevice | undefined {
    const device = this.#devices[path];
    if (device !== undefined && 'unreadable' in device) throw new Error(device.unreadable);
    return device;
  }

  async clearBlockDevice(path: string, { parts, keepAs, stillSo }: ClearOptions): Promise<void> {
    await stillSo();
    this.calls.push(['clearBlockDevice', path, { parts, keepAs }]);
  }

  lookAnew(): void {
    this.calls.push(['lookAnew']);
  }

  secret(ref: SecretRef): Secret {
    const name = 'file' in ref ? ref.file : ref.credential;
    const value = this.#secrets[name];
    if (value === undefined) throw new Error(`${name}: no such secret`);
    return new Secret(value);
  }

  progress(text: string): void {
    this.calls.push(['progress', text]);
  }

  askDns(server: string, questions: readonly DnsQuestion[]): Promise<readonly DnsAnswer[]> {
    const known = this.#dns[server];
    return Promise.resolve(
      questions.map(({ name, type }): DnsAnswer => {
        const said = known === undefined ? 'ECONNREFUSED' : (known[`${name} ${type}`] ?? []);
        return typeof said === 'string' ? { is: 'no answer', code: said } : { is: 'answer', records: said };
      }),
    );
  }

  note(text: string, key?: string): void {
    this.calls.push(['note', text, ...(key === undefined ? [] : [key])]);
  }

  async run(command: Command): Promise<CommandResult> {
    const input = command.input === undefined ? [] : [{ input: contentOf(command.input) }];
    const { partitions } = command;
    const locked = partitions === undefined ? [] : [{ partitions }];
    this.calls.push(['run', command.program, ...command.args, ...input, ...locked]);
    const result = this.#result(command) ?? { code: 0, stdout: '', stderr: '' };
    if (!(command.okCodes ?? [0]).includes(result.code))
      throw new Error(`${this.#argv(command)}: exit code ${result.code}: ${result.stderr}`);
    return await Promise.resolve(result);
  }

  async writeFile(path: string, content: string | Buffer | Secret, options: WriteOptions): Promise<void> {
    const { checkedBy, ...meta } = options;
    if (checkedBy) await this.run({ ...checkedBy, args: [...checkedBy.args, '«candidate»'] });
    this.#keep(path);
    const text = contentOf(content);
    this.calls.push(['writeFile', path, text, this.#shown(meta)]);
    this.#files.set(path, { content: text, ...this.#node(meta) });
  }

  async restoreFile(path: string, sha256: string, meta: FileMeta): Promise<void> {
    this.calls.push(['restoreFile', path, sha256, this.#shown(meta)]);
    this.#files.set(path, { content: this.kept.get(sha256) ?? '', ...this.#node(meta) });
    await Promise.resolve();
  }

  makeDirectory(path: string, meta: FileMeta): void {
    if (!this.lstat(dirname(path))) throw new Error(`${dirname(path)}: no such directory`);
    this.calls.push(['makeDirectory', path, this.#shown(meta)]);
    this.#files.set(path, { type: 'directory', ...this.#node(meta) });
  }

  setMeta(path: string, meta: FileMeta): void {
    this.calls.push(['setMeta', path, this.#shown(meta)]);
    this.#files.set(path, { ...this.#files.get(path), ...this.#node(meta) });
  }

  symlink(target: string, path: string, options: { readonly displace?: boolean } = {}): void {
    this.calls.push(['symlink', target, path, ...(options.displace ? [{ displace: true }] : [])]);
    this.#keep(path);
    this.#files.set(path, { target });
  }

  removeFile(path: string): void {
    this.calls.push(['removeFile', path]);
    this.#keep(path);
    this.#files.delete(path);
  }

  removeDirectory(path: string, options: { readonly recursive?: boolean } = {}): void {
    this.calls.push(['removeDirectory', path, ...(options.recursive ? [{ recursive: true }] : [])]);
    for (const file of [...this.#files.keys()])
      if (file === path || (options.recursive && file.startsWith(`${path}/`))) this.#files.delete(file);
  }

  writeKernel(path: string, value: string): void {
    this.calls.push(['writeKernel', path, value]);
    this.#files.set(path, { ...this.#files.get(path), content: `${value}\n` });
  }

  #keep(path: string): void {
    const old = this.#files.get(path)?.content;
    if (old !== undefined) this.kept.set(createHash('sha256').update(old).digest('hex'), old);
  }

  #node(meta: FileMeta): Pick<FakeNode, 'mode' | 'uid' | 'gid'> {
    return { mode: meta.mode.toString(8), uid: meta.uid, gid: meta.gid };
  }

  #shown(meta: FileMeta): object {
    return { mode: meta.mode.toString(8).padStart(4, '0'), uid: meta.uid, gid: meta.gid };
  }
}
