/** Statements of named.conf(5): enough of its grammar to see what others have set, and nothing of what it means. */

/** Strings, in which everything else is only text; and the three sorts of comments. */
const TOKENS = /"(?:[^"\\]|\\.)*"|\/\*[^]*?\*\/|\/\/[^\n]*|#[^\n]*|[{};]|[^"{};/#]+|\//g;

const isComment = (token: string): boolean => /^(?:\/[/*]|#)/.test(token);

const DEPTH: Readonly<Record<string, number>> = { '{': 1, '}': -1 };

const normal = (statement: string): string => statement.replaceAll(/\s+/g, ' ').trim();

/** Those of the highest level, each on one line: `options { directory "/var/cache/bind"; }`. */
export const statementsIn = (text: string): string[] => {
  const statements: string[] = [];
  let depth = 0;
  let statement = '';
  for (const token of (text.match(TOKENS) ?? []).filter((one) => !isComment(one))) {
    depth += DEPTH[token] ?? 0;
    if (token === ';' && depth === 0) {
      statements.push(normal(statement));
      statement = '';
    } else statement += token;
  }
  return [...statements, normal(statement)].filter((one) => one !== '');
};

/** What stands in the braces of a statement: `options { … }`. */
export const inside = (statement: string): string => /^[^{]*\{([^]*)\}[^}]*$/.exec(statement)?.[1] ?? '';

/** Names of the zones that a file has, also in its views. */
export const zonesIn = (text: string): string[] =>
  statementsIn(text).flatMap((statement) => {
    if (statement.startsWith('view ')) return zonesIn(inside(statement));
    const [, name] = /^zone "?([^"\s]+?)\.?"?(?: IN)? \{/i.exec(statement) ?? [];
    return name === undefined ? [] : [name.toLowerCase()];
  });
