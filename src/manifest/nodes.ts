/** Finding one's way in a parsed document. */
import { isAlias, isMap, isNode, isScalar, isSeq, type Document } from 'yaml';
import type { Path } from './problem.ts';

export const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

/** The name that a key has in JavaScript. */
export const nameOf = (key: unknown): string => {
  const value = isScalar(key) ? key.value : undefined;
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
};

interface Step {
  readonly key: unknown;
  readonly value: unknown;
}

const follow = (document: Document, node: unknown): unknown =>
  isAlias(node) ? node.resolve(document) : node;

const step = (node: unknown, part: PropertyKey): Step | undefined => {
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return item === undefined ? undefined : { key: item, value: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => nameOf(key) === String(part));
  return pair === undefined ? undefined : { key: pair.key, value: pair.value };
};

const stepTo = (document: Document, path: Path): Step | undefined => {
  let at: Step = { key: document.contents, value: document.contents };
  for (const name of path) {
    const next = step(follow(document, at.value), name);
    if (next === undefined) return undefined;
    at = next;
  }
  return at;
};

/** The offset of a value or its key; an empty value stands where its key is. */
export const offsetOf = (document: Document, path: Path, part: 'key' | 'value'): number | undefined => {
  const at = stepTo(document, path);
  if (at === undefined) return undefined;
  const empty = !isNode(at.value) || (isScalar(at.value) && at.value.source === '');
  return startOf(part === 'key' || empty ? at.key : at.value);
};

/** A scalar as it is written. */
export const sourceOf = (document: Document, path: Path): string | undefined => {
  const value = follow(document, stepTo(document, path)?.value);
  return isScalar(value) ? value.source : undefined;
};
