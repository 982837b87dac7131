import { CommandFailed } from './errors.ts';
import { execute } from './execute.ts';
import type { CommandFact, Fact, FileFact } from './host.ts';
import { findProgram } from './programs.ts';
import { readRegularFile } from './read-file.ts';

const readFileFact = <T>(fact: FileFact<T>): T => {
  const content = readRegularFile(fact.path);
  return content === undefined ? fact.absent : fact.parse(content.toString('utf8'));
};

const readCommandFact = async <T>(fact: CommandFact<T>): Promise<T> => {
  if (findProgram(fact.command.program) === undefined) return fact.absent;
  const result = await execute(fact.command);
  if (!(fact.command.okCodes ?? [0]).includes(result.code))
    throw new CommandFailed(fact.command, { how: 'exited' }, result);
  return fact.parse(result.stdout, result);
};

/** Each fact is read once, and anew after something changed that it may depend on. */
export class FactsCache {
  readonly #commands = new Map<string, Promise<unknown>>();
  readonly #files = new Map<string, { readonly path: string; readonly value: unknown }>();

  async get<T>(fact: Fact<T>): Promise<T> {
    if ('path' in fact) {
      const known = this.#files.get(fact.name) ?? { path: fact.path, value: readFileFact(fact) };
      this.#files.set(fact.name, known);
      return known.value as T;
    }
    const known = this.#commands.get(fact.name) ?? readCommandFact(fact);
    this.#commands.set(fact.name, known);
    return (await known) as T;
  }

  /** A program has run: it may have changed anything. */
  forgetAll(): void {
    this.#commands.clear();
    this.#files.clear();
  }

  /** One path was changed by ourselves: file facts of paths that are not it, or below it, still stand. */
  forgetPath(path: string): void {
    this.#commands.clear();
    for (const [name, fact] of this.#files)
      if (fact.path === path || fact.path.startsWith(`${path}/`)) this.#files.delete(name);
  }
}
