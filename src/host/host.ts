/** What the rest of the program may ask of the machine. The implementations are beside this file. */
import type { Secret } from './secret.ts';
import type { SecretRef } from './secret-ref.ts';

/** A program and its arguments: argv, never a shell line. The program is a bare name, found once on a fixed PATH. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Written to standard input, which is closed otherwise. May be secret. */
  readonly input?: string | Secret;
  /** Milliseconds until the whole process group is killed; 2 minutes unless told. */
  readonly timeout?: number;
  /** Bytes of output that are kept; 1 MiB unless told. */
  readonly maxOutput?: number;
  /** Exit codes that are no failure; only 0 unless told. */
  readonly okCodes?: readonly number[];
  /** Added to the clean environment. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Disks of which it writes the partition tables: each is locked while it runs, in a shared way, so that udev leaves the
   * tables alone. Otherwise udev has the kernel read them again as soon as the program has closed a disk, which takes
   * its partitions away for a moment (systemd, "Locking Block Device Access").
   */
  readonly partitions?: readonly string[];
  /** `latin1` for a program that prints bytes: one character for each. */
  readonly encoding?: 'utf8' | 'latin1';
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A shared read by a program that changes nothing. Only facts start programs while reading, all of them declared in
 * `facts/` or in a kind's `facts.ts`, where a reviewer can see that they only read.
 */
export interface CommandFact<T> {
  /** Unique; it is the cache key, so a fact that is made by a function carries its arguments in it. */
  readonly name: string;
  readonly command: Omit<Command, 'input' | 'env'> & { readonly input?: string };
  /** The value while the program is not installed (an earlier step may install it). */
  readonly absent: T;
  /** Pure. Throws when the output is not what the program is known to print: then the fact is unknown. */
  parse(stdout: string, result: CommandResult): T;
}

/** A shared read of one file. */
export interface FileFact<T> {
  readonly name: string;
  readonly path: string;
  readonly absent: T;
  parse(content: string): T;
}

export type Fact<T> = CommandFact<T> | FileFact<T>;

export interface FileMeta {
  /** Permission bits, 0o0000 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface FileInfo extends FileMeta {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly size: number;
  readonly nlink: number;
  /** Identifies the filesystem: differs from the parent's at a mount point. */
  readonly dev: number;
  /** When its content was last changed, in milliseconds since 1970. */
  readonly modified: number;
  /** When anything of it was last changed (ctime), in milliseconds since 1970: a time that no program can set. */
  readonly changed: number;
  /** Of a symlink, as stored. */
  readonly target?: string;
}

/** A disk or a partition, as bytes. */
export interface BlockDevice {
  /** In bytes. */
  readonly size: number;
  /** Whether the first and the last 4 MiB hold anything but zeroes. */
  readonly edges: 'zero' | 'data';
}

/** A stretch of a disk, in bytes. */
export interface Area {
  readonly offset: number;
  readonly length: number;
}

export interface ClearOptions {
  /** Partitions: their ends are cleared too. */
  readonly parts: readonly Area[];
  /** Names the folder below `backups/disks` of the state directory, after the time: what is cleared is kept there as `at-OFFSET.img`. */
  readonly keepAs: string;
  /** Called while the disk is held; throws if it is not what was agreed on. */
  readonly stillSo: () => Promise<void>;
}

export interface DnsQuestion {
  /** Fully qualified, without the dot at its end. */
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'CNAME' | 'MX' | 'NS' | 'PTR' | 'SOA' | 'SRV' | 'TXT';
}

/** What a DNS server says: the data of the records as in a zone file, sorted; none is an answer too. */
export type DnsAnswer =
  | { readonly is: 'answer'; readonly records: readonly string[] }
  /** It did not answer, or would not: the code of the error, such as ECONNREFUSED. */
  | { readonly is: 'no answer'; readonly code: string };

/**
 * What reading may use; `--check` is given nothing more. Files are read synchronously: at 3,000 resources that is
 * five times faster than promises. Every method throws an `Unreadable` error for anything but a plain "not there".
 */
export interface HostReader {
  /** One read per run, shared by all kinds, and taken anew once something has been changed. */
  fact<T>(fact: Fact<T>): Promise<T>;
  /** Does not follow a symlink in the last component. */
  lstat(path: string): FileInfo | undefined;
  /** At most 16 MiB. Undefined if there is no such file. Does not follow a symlink in the last component. */
  readFile(path: string): Buffer | undefined;
  /** As `readFile`, for ground that an unprivileged user owns: no component below it may be a symlink they planted. */
  readFileInHostileGround(path: string): Buffer | undefined;
  /** As `lstat`, for ground that an unprivileged user owns. */
  lstatInHostileGround(path: string): FileInfo | undefined;
  /** Names in a directory, sorted; undefined if there is no such directory. */
  readDirectory(path: string): readonly string[] | undefined;
  /** By its kernel name, such as /dev/sda; undefined if there is no such device. */
  blockDevice(path: string): BlockDevice | undefined;
  /** A secret by reference. Its file must be root's alone. The value cannot be printed. */
  secret(ref: SecretRef): Secret;
  /** Asks a DNS server, by its address, all questions at once; answers stand in the order of the questions. */
  askDns(server: string, questions: readonly DnsQuestion[]): Promise<readonly DnsAnswer[]>;
}

/** How a file is to stand; the write is atomic, synced, and keeps the old content by its hash. */
export interface WriteOptions extends FileMeta {
  /**
   * Refuses a bad candidate before it goes live. It is written elsewhere, outside any directory that a daemon reads,
   * under the same base name, and this command, which gets its path as its last argument, must succeed.
   */
  readonly checkedBy?: Command;
}

/** What converging may use besides. */
export interface Host extends HostReader {
  /**
   * Tells the operator something worth knowing that is no failure, in the words of a report: "kept the local /etc/x".
   * It is told of the resource that is being converged, or of the one of its kind that `key` names, where several
   * converge at once.
   */
  note(text: string, key?: string): void;
  /** Tells whoever watches how far a long action is; nothing of it is kept. */
  progress(text: string): void;
  /** Throws `CommandFailed`, with the command and its last lines, on any exit code that is not expected. */
  run(command: Command): Promise<CommandResult>;
  /** Makes or replaces a regular file. Refuses a directory or symlink in its place. */
  writeFile(path: string, content: string | Buffer | Secret, options: WriteOptions): Promise<void>;
  /** Brings back content that an earlier write or removal kept. */
  restoreFile(path: string, sha256: string, meta: FileMeta): Promise<void>;
  /** Makes one directory; the parent must exist. Owner and mode are right from its first visible moment. */
  makeDirectory(path: string, meta: FileMeta): void;
  /** Owner, group and mode of a file or directory; never through a symlink. */
  setMeta(path: string, meta: FileMeta): void;
  /**
   * Makes a symlink, or atomically replaces one. With `displace`, a file in its place is kept by its hash, an empty
   * directory is removed, and a directory with content is moved whole into the backup folder.
   */
  symlink(target: string, path: string, options?: { readonly displace?: boolean }): void;
  /** Removes a file (kept by its hash) or a symlink. No error if there is none. */
  removeFile(path: string): void;
  /** Removes an empty directory; with `recursive` also its content, without crossing into other filesystems. */
  removeDirectory(path: string, options?: { readonly recursive?: boolean }): void;
  /** Clears both ends of a disk and of its partitions, held exclusively; keeps what was there. */
  clearBlockDevice(path: string, options: ClearOptions): Promise<void>;
  /** Makes all facts stale: what is read from here on is read anew. For what must not rely on an earlier look. */
  lookAnew(): void;
  /** Writes a value to a kernel interface below /proc or /sys: in place, nothing kept. */
  writeKernel(path: string, value: string): void;
}

export interface Note {
  readonly text: string;
  readonly key?: string;
}

/** The host as the engine holds it. */
export interface NotedHost extends Host {
  /** What was noted since this was last asked. */
  takeNotes(): readonly Note[];
  /** Whom `progress` is told from here on. */
  watchedBy(watcher: (text: string) => void): void;
}

/** Reads a file that the manifest names, relative to the manifest; under the same trust as the manifest. */
export interface PayloadReader {
  text(path: string): string;
  /** One that comes with phoenix, relative to its folder `resources`. */
  shipped(path: string): string;
}
