/** A way through a foreign document that remembers what was looked at: what nobody asked for is told in the end. */
export type Path = readonly (string | number)[];

export interface Warning {
  readonly path: Path;
  readonly message: string;
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const keyOf = (path: Path): string => JSON.stringify(path);

/** What is remembered of a whole document. */
export class Book {
  readonly warnings: Warning[] = [];
  readonly seen = new Set<string>();
}

export class Cursor {
  readonly value: unknown;
  readonly path: Path;
  readonly #book: Book;

  constructor(value: unknown, path: Path, book: Book) {
    this.value = value;
    this.path = path;
    this.#book = book;
    book.seen.add(keyOf(path));
  }

  get isThere(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  at(name: string): Cursor {
    const value = isMapping(this.value) && Object.hasOwn(this.value, name) ? this.value[name] : undefined;
    return new Cursor(value, [...this.path, name], this.#book);
  }

  /** Of a list, its items; of anything else but nothing, itself: some keys had both forms. */
  items(): Cursor[] {
    if (!this.isThere) return [];
    if (!Array.isArray(this.value)) return [this];
    return this.value.map((one, index) => new Cursor(one, [...this.path, index], this.#book));
  }

  entries(): (readonly [string, Cursor])[] {
    return isMapping(this.value) ? Object.keys(this.value).map((name) => [name, this.at(name)] as const) : [];
  }

  text(): string | undefined {
    if (typeof this.value === 'string' && this.value !== '') return this.value;
    if (typeof this.value === 'number') return String(this.value);
    if (this.isThere && this.value !== '') this.warn('expected a text, and is left out');
    return undefined;
  }

  /** A list of texts, or one text with blanks or commas between them. */
  words(): string[] {
    return this.items().flatMap(
      (one) =>
        one
          .text()
          ?.split(/[\s,]+/)
          .filter((word) => word !== '') ?? [],
    );
  }

  flag(): boolean | undefined {
    return typeof this.value === 'boolean' ? this.value : undefined;
  }

  warn(message: string): void {
    this.#book.warnings.push({ path: this.path, message });
  }

  /** All below it is accounted for, with one word or without. */
  done(message?: string): void {
    if (message !== undefined && this.isThere) this.warn(message);
    const walk = (value: unknown, path: Path): void => {
      this.#book.seen.add(keyOf(path));
      if (typeof value !== 'object' || value === null) return;
      for (const [name, one] of Object.entries(value))
        walk(one, [...path, Array.isArray(value) ? Number(name) : name]);
    };
    walk(this.value, this.path);
  }
}

/** The outermost parts that nobody has looked at. */
export const unseen = (value: unknown, book: Book, path: Path = []): Path[] => {
  if (!book.seen.has(keyOf(path))) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    unseen(one, book, [...path, Array.isArray(value) ? Number(name) : name]),
  );
};
