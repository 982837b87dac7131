/** Aliases, within bounds: a few are a convenience, many are a bomb. */
import { isAlias, isMap, isScalar, isSeq, visit, type Alias, type Document, type Node } from 'yaml';

const MAX_ALIASES = 100;
/** Values after all aliases are followed; 3,000 resources have about 20,000. */
const MAX_VALUES = 200_000;

/** Follows anchors as they are at each place: an anchor may be given again, and an alias means the last one before it. */
export class Expansion {
  readonly #targets = new Map<Alias, Node | undefined>();
  readonly #sizes = new Map<unknown, number>();
  #count = 0;
  #values = 0;

  constructor(document: Document) {
    const anchors = new Map<string, Node>();
    visit(document, {
      Node: (_, node) => {
        if (isAlias(node)) this.#targets.set(node, anchors.get(node.source));
        else if (node.anchor !== undefined) anchors.set(node.anchor, node);
      },
    });
  }

  targetOf(alias: Alias): Node | undefined {
    return this.#targets.get(alias);
  }

  /** Why this alias is refused. */
  refuse(alias: Alias): string | undefined {
    this.#count += 1;
    const target = this.targetOf(alias);
    if (target === undefined)
      return `the alias "*${alias.source}" has no anchor "&${alias.source}" before it`;
    if (this.#contains(target, alias)) return `the alias "*${alias.source}" contains itself`;
    if (this.#count > MAX_ALIASES) return `more than ${MAX_ALIASES} aliases`;
    this.#values += this.#size(target);
    return this.#values > MAX_VALUES ? `aliases that stand for more than ${MAX_VALUES} values` : undefined;
  }

  /** By position: what stands between the start and the end of the target is inside of it. */
  #contains(target: Node, alias: Alias): boolean {
    const [start = 0, , end = 0] = target.range ?? [];
    const at = alias.range?.[0] ?? 0;
    return at >= start && at < end;
  }

  #size(node: unknown): number {
    if (isAlias(node)) {
      const target = this.targetOf(node);
      return target === undefined || this.#contains(target, node) ? 1 : this.#size(target);
    }
    const known = this.#sizes.get(node);
    if (known !== undefined) return known;
    let size = 1;
    if (isSeq(node)) for (const item of node.items) size += this.#size(item);
    if (isMap(node)) for (const pair of node.items) size += this.#size(pair.value);
    if (!isScalar(node)) this.#sizes.set(node, size);
    return size;
  }
}
