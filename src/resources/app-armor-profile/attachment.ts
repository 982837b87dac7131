/** Which executables a profile attaches to by itself: read from its head, since the kernel does not tell (Linux 6.12). */

const CHARACTERS: Readonly<Record<string, string>> = { '?': '[^/]', '{': '(?:', '}': ')', ',': '|' };

/** A glob of apparmor.d(5) as an expression; undefined for what needs variables. */
export const globToRegExp = (glob: string): RegExp | undefined => {
  if (glob.includes('@{')) return undefined;
  const parts = glob.match(/\\.|\*\*|\[[^\]]*\]|./gs) ?? [];
  let depth = 0;
  const source = parts.map((part) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part.startsWith('[') && part.length > 1) return part;
    if (part === '{') depth += 1;
    if (part === ',' && depth === 0) return part;
    if (part === '}') depth -= 1;
    return CHARACTERS[part] ?? (part.length > 1 ? part.slice(1) : part).replace(/[^\w/]/g, '\\$&');
  });
  try {
    return new RegExp(`^${source.join('')}$`, 's');
  } catch {
    return undefined;
  }
};

/** What stands between the start of a line and the brace that opens a profile; one of a glob is followed by its text. */
const HEAD = /^[ \t]*(profile[ \t].*?|["/].*?)[ \t]*\{(?=[ \t}]|$)/gm;
const FLAGS = /[ \t]+(?:(?:flags|xattrs)[ \t]*=[ \t]*)?\([^)]*\)/g;

const words = (head: string): string[] =>
  (head.replace(FLAGS, '').match(/"[^"]*"|[^\s"]+/g) ?? []).map((word) => word.replaceAll('"', ''));

/** By the names of profiles: those of them that have a path to attach to. */
export const attachmentsIn = (text: string, profiles: readonly string[]): ReadonlyMap<string, RegExp> => {
  const found = new Map<string, RegExp>();
  for (const [, head = ''] of text.matchAll(HEAD)) {
    const [first = '', second, third] = words(head);
    const [name = '', path] = first === 'profile' ? [second, third ?? second] : [first, first];
    const expression = path?.startsWith('/') ? globToRegExp(path) : undefined;
    if (expression && profiles.includes(name) && !found.has(name)) found.set(name, expression);
  }
  return found;
};
