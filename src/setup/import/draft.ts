/** The manifest that is being made, and where each part of it comes from. */
import type { Cursor, Path } from './cursor.ts';

type Mapping = Record<string, unknown>;

export class Draft {
  readonly manifest: Mapping = { version: 1 };
  readonly #origins = new Map<object, Path>();

  #mapping(path: readonly string[]): Mapping {
    let current = this.manifest;
    for (const key of path) current = (current[key] ??= {}) as Mapping;
    return current;
  }

  set(path: readonly string[], value: unknown): void {
    if (value !== undefined) this.#mapping(path.slice(0, -1))[path.at(-1) ?? ''] = value;
  }

  /** Fields without a value are left out. */
  add(path: readonly string[], fields: Readonly<Mapping>, from: Cursor): void {
    const item = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    this.#origins.set(item, from.path);
    const mapping = this.#mapping(path.slice(0, -1));
    ((mapping[path.at(-1) ?? ''] ??= []) as unknown[]).push(item);
  }

  /** Takes out the item of a list that a path leads into; where it came from, or undefined if the path leads into none. */
  takeOut(path: readonly PropertyKey[]): Path | undefined {
    let current: unknown = this.manifest;
    let inner: { readonly list: unknown[]; readonly index: number; readonly from: Path } | undefined;
    for (const key of path) {
      const next = (current as Record<PropertyKey, unknown>)[key];
      if (typeof next !== 'object' || next === null) break;
      const from = this.#origins.get(next);
      if (Array.isArray(current) && from !== undefined) inner = { list: current, index: Number(key), from };
      current = next;
    }
    inner?.list.splice(inner.index, 1);
    return inner?.from;
  }
}
