/** Files that the interfaces file takes in: what is defined there is never changed, and must not be defined twice. */
import { posix } from 'node:path';
import type { HostReader } from '../../host/host.ts';
import { definitionsIn, INTERFACES, parse, type Definition, type Item } from './interfaces-file.ts';

export interface Foreign extends Definition {
  readonly file: string;
}

const asPattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob
      .replaceAll(/[.+^$(){}|\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );

/** Patterns in the last part of a path, as in Debian's own line; a shell would not take a leading dot either. */
const expand = (host: HostReader, pattern: string, from: string): string[] => {
  const path = posix.resolve(posix.dirname(from), pattern);
  const folder = posix.dirname(path);
  if (/[*?[]/.test(folder))
    throw new Error(`${from}: cannot follow \`source ${pattern}\`: a pattern in the name of a folder`);
  if (!/[*?[]/.test(path)) return [path];
  const named = asPattern(posix.basename(path));
  return (host.readDirectory(folder) ?? [])
    .filter((name) => !name.startsWith('.') && named.test(name))
    .map((name) => posix.join(folder, name));
};

/** Only names of letters, digits, `_` and `-` count there. */
const inDirectory = (host: HostReader, directory: string, from: string): string[] => {
  const folder = posix.resolve(posix.dirname(from), directory);
  return (host.readDirectory(folder) ?? [])
    .filter((name) => /^[A-Za-z0-9_-]+$/.test(name))
    .map((name) => posix.join(folder, name));
};

const filesOf = (host: HostReader, item: Item, from: string): string[] => {
  const [, ...patterns] = item.words;
  if (item.kind === 'source') return patterns.flatMap((pattern) => expand(host, pattern, from));
  return item.kind === 'source-directory'
    ? patterns.flatMap((directory) => inDirectory(host, directory, from))
    : [];
};

/** A link is followed once: what it leads to is somebody's file as well. */
const textOf = (host: HostReader, path: string): string => {
  const info = host.lstat(path);
  if (info?.type === 'directory' || info === undefined) return '';
  const target = info.target === undefined ? path : posix.resolve(posix.dirname(path), info.target);
  return host.readFile(target)?.toString() ?? '';
};

export const sourced = (
  host: HostReader,
  items: readonly Item[],
  from = INTERFACES,
  seen: Set<string> = new Set([INTERFACES]),
): Foreign[] =>
  items.flatMap((item) =>
    filesOf(host, item, from)
      .filter((file) => !seen.has(file))
      .flatMap((file) => {
        seen.add(file);
        const inner = parse(textOf(host, file));
        return [
          ...definitionsIn(inner).map((one) => ({ ...one, file })),
          ...sourced(host, inner, file, seen),
        ];
      }),
  );
