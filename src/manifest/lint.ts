/** The value of a document, and what YAML allows and a manifest does not: every place, with its path. */
import { isAlias, isMap, isScalar, isSeq, type Alias, type Document, type Scalar, type YAMLMap } from 'yaml';
import { Expansion } from './aliases.ts';
import { MAX_DEPTH } from './fast.ts';
import { nameOf, startOf } from './nodes.ts';
import type { Finding, Path } from './problem.ts';
import { quoted, trapOf, type Trap } from './scalars.ts';
import { showText } from './show.ts';

export interface Lint {
  readonly value: unknown;
  readonly findings: readonly Finding[];
  readonly refused: ReadonlySet<number | undefined>;
}

const keyTrap = (key: Scalar): Trap | undefined => {
  if (key.value === '__proto__') return { message: 'the key "__proto__", which is not allowed', hint: '' };
  if (key.type !== 'PLAIN' || key.source === undefined) return undefined;
  if (key.value === '<<')
    return { message: 'a merge key, which is not supported', hint: 'write the fields out' };
  if (key.value === null) return { message: 'an empty key, where a name was expected', hint: '' };
  const canonical = typeof key.value === 'string' || nameOf(key) === key.source;
  if (canonical) return trapOf(key.source);
  return { message: `the key ${key.source} is no text`, hint: quoted(key.source) };
};

class Linter {
  readonly findings: Finding[] = [];
  readonly refused = new Set<number | undefined>();
  readonly #aliases: Expansion;
  readonly #values = new Map<unknown, unknown>();

  constructor(document: Document) {
    this.#aliases = new Expansion(document);
  }

  #add(node: unknown, path: Path, message: string, hint = '', also?: number): void {
    const offset = startOf(node);
    this.refused.add(offset);
    this.findings.push({
      path,
      message,
      ...(offset === undefined ? {} : { offset }),
      ...(hint === '' ? {} : { hint }),
      ...(also === undefined ? {} : { also }),
    });
  }

  /** What is refused becomes null, so that the rest can still be held against the schema. */
  visit(node: unknown, path: Path): unknown {
    if (isAlias(node)) return this.#alias(node, path);
    this.#tag(node, path);
    const value = this.#content(node, path);
    this.#values.set(node, value);
    return value;
  }

  #content(node: unknown, path: Path): unknown {
    if (path.length > MAX_DEPTH) {
      this.#add(node, path, `nested deeper than ${MAX_DEPTH} levels`);
      return null;
    }
    if (isMap(node)) return this.#map(node, path);
    if (isSeq(node)) return node.items.map((item, index) => this.visit(item, [...path, index]));
    return isScalar(node) ? this.#scalar(node, path) : null;
  }

  #alias(node: Alias, path: Path): unknown {
    const refused = this.#aliases.refuse(node);
    const target = this.#aliases.targetOf(node);
    if (this.refused.has(startOf(target))) this.refused.add(startOf(node));
    if (refused === undefined) return this.#values.get(target);
    this.#add(node, path, refused);
    return null;
  }

  #tag(node: unknown, path: Path): void {
    const tag = (node as { tag?: string } | null)?.tag;
    if (tag === undefined) return;
    const shown = tag.replace(/^tag:yaml\.org,2002:/, '!!');
    this.#add(node, path, `the tag ${showText(shown)}, where none is allowed`, 'write the value without it');
  }

  #scalar(node: Scalar, path: Path): unknown {
    const trap = node.type === 'PLAIN' && node.source !== undefined ? trapOf(node.source) : undefined;
    if (trap === undefined) return node.value;
    this.#add(node, path, trap.message, trap.hint);
    return null;
  }

  #map(map: YAMLMap, path: Path): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    const keys = new Map<string, unknown>();
    for (const pair of map.items) {
      if (!this.#key(pair.key, path)) continue;
      const name = nameOf(pair.key);
      const below = [...path, name];
      if (keys.has(name)) {
        this.#add(pair.key, below, `the key ${showText(name)} is there twice`, '', startOf(keys.get(name)));
        this.visit(pair.value, below);
      } else {
        keys.set(name, pair.key);
        value[name] = this.visit(pair.value, below);
      }
    }
    return value;
  }

  /** Whether the key can be used as one. */
  #key(key: unknown, path: Path): boolean {
    if (!isScalar(key)) {
      this.#add(key, path, 'a key that is no plain text', 'write the key as a word');
      return false;
    }
    const below = [...path, nameOf(key)];
    this.#tag(key, below);
    const trap = keyTrap(key);
    if (trap !== undefined) this.#add(key, below, trap.message, trap.hint);
    return trap === undefined;
  }
}

export const lintDocument = (document: Document): Lint => {
  const linter = new Linter(document);
  const value = linter.visit(document.contents, []);
  return { value, findings: linter.findings, refused: linter.refused };
};
