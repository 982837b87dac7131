import { inspect } from 'node:util';

const MASK = '«secret»';

/** A value that cannot be printed by accident: every rendering shows the mask. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself; only for standard input, a file's content or a comparison. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
