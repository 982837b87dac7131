/** What a file of policy says that matters for tunables: read as text, since the parser only answers for the whole. */

export interface PolicyText {
  /** As written: `tunables/home.d`, relative to /etc/apparmor.d, or an absolute path. */
  readonly includes: readonly string[];
  /** Variables that it declares, by `=`. */
  readonly declares: readonly string[];
  /** By variable: those that its values are made of. */
  readonly madeOf: readonly (readonly [string, readonly string[]])[];
  /** Variables in its rules. */
  readonly uses: ReadonlySet<string>;
  readonly hasAlias: boolean;
}

const INCLUDE = /^[ \t]*#?include[ \t]+(?:if[ \t]+exists[ \t]+)?(?:<([^>\n]+)>|"([^"\n]+)"|([^\s<"]\S*))/gm;
const ASSIGNMENT = /^[ \t]*@\{(\w+)\}[ \t]*(\+?)=(.*)$/;

const variablesIn = (text: string): string[] =>
  [...text.matchAll(/@\{(\w+)\}/g)].map(([, name = '']) => name);

export const parsePolicy = (text: string): PolicyText => {
  const declares: string[] = [];
  const madeOf: [string, string[]][] = [];
  const uses = new Set<string>();
  const lines = text.split('\n').filter((line) => !/^[ \t]*#/.test(line));
  for (const line of lines) {
    const [, variable, plus, values = ''] = ASSIGNMENT.exec(line) ?? [];
    if (variable === undefined) for (const name of variablesIn(line)) uses.add(name);
    else {
      madeOf.push([variable, variablesIn(values)]);
      if (plus === '') declares.push(variable);
    }
  }
  return {
    includes: [...text.matchAll(INCLUDE)].map(([, magic, quoted, bare]) => magic ?? quoted ?? bare ?? ''),
    declares,
    madeOf,
    uses,
    hasAlias: lines.some((line) => /^[ \t]*alias[ \t]/.test(line)),
  };
};

/** Of several files that are read together: whether a rule uses one of these variables, or one that is made of them. */
export const usesAny = (all: readonly PolicyText[], variables: ReadonlySet<string>): boolean => {
  const wanted = new Set(variables);
  const madeOf = all.flatMap((one) => one.madeOf);
  for (let before = -1; before < wanted.size;) {
    before = wanted.size;
    for (const [name, parts] of madeOf) if (parts.some((part) => wanted.has(part))) wanted.add(name);
  }
  return all.some(({ uses }) => [...uses].some((name) => wanted.has(name)));
};
