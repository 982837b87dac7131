/** What is wrong with a manifest, as data: the text report and `--json` show the same. */

/** Both count from 1; the column counts characters, not bytes. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type Path = readonly PropertyKey[];

/** Where the value at a path, or its key, is written. */
export type Locate = (path: Path, part?: 'key' | 'value') => Position | undefined;

export interface Problem {
  readonly file: string;
  readonly position?: Position;
  readonly path: Path;
  /** What is wrong and what was expected; lower case, no full stop. */
  readonly message: string;
  /** The remedy, where one is known: `did you mean "present"?`. */
  readonly hint?: string;
  /** The line it stands on, as written; left out where it may hold a secret in clear. */
  readonly sourceLine?: string;
}

/** A problem before it is placed: offsets are UTF-16 units from the start of the text. */
export interface Finding {
  readonly offset?: number;
  readonly path: Path;
  readonly message: string;
  readonly hint?: string;
  /** The other place of the two, of a key that is there twice. */
  readonly also?: number;
}
