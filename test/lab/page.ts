/** A page of the documentation as a script: what is typed, what is printed then, what is written into the manifest. */
import { isMap, isSeq, parse, parseDocument } from 'yaml';

export interface Typed {
  readonly section: string;
  readonly lines: string;
  /** Absent where the page says nothing of what is printed, or that nothing is. */
  readonly printed?: string;
}

export interface Edit {
  readonly section: string;
  readonly yaml: string;
}

const PIECE = /^## (?<section>.*)$|^```(?<language>\w+)\n(?<text>[^]*?)^```$/gm;

/** In the order of the page. A block of another language than these would be passed over unseen, so it is an error. */
export const stepsIn = (page: string): (Typed | Edit)[] => {
  const steps: (Typed | Edit)[] = [];
  let section = '';
  for (const { groups = {} } of page.matchAll(PIECE)) {
    const { language, text = '' } = groups;
    const last = steps.at(-1);
    if (language === undefined) section = groups['section'] ?? '';
    else if (language === 'sh') steps.push({ section, lines: text });
    else if (language === 'yaml') steps.push({ section, yaml: text });
    else if (language === 'text' && last && 'lines' in last) steps.splice(-1, 1, { ...last, printed: text });
    else throw new Error(`a block of ${language} in "${section}": expected sh, yaml, or text after sh`);
  }
  return steps;
};

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `…` alone on a line, after spaces or none, stands for any lines; within a line for any text. */
export const printedPattern = (printed: string): RegExp =>
  new RegExp(
    `^${printed
      .split(/(?<=\n)/)
      .map((line) => (line.trim() === '…' ? '(?:.*\\n)*?' : line.split('…').map(literal).join('.*')))
      .join('')}$`,
  );

/** As somebody edits who adds to the sections that are there. */
export const edited = (manifest: string, yaml: string): string => {
  const document = parseDocument(manifest);
  for (const [section, added] of Object.entries(parse(yaml) as Record<string, object>)) {
    const there = document.get(section);
    if (isSeq(there) && Array.isArray(added)) for (const one of added) there.add(document.createNode(one));
    else if (isMap(there))
      for (const [key, value] of Object.entries(added)) there.set(key, document.createNode(value));
    else document.set(section, document.createNode(added));
  }
  return document.toString();
};
