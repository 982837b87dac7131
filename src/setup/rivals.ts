/** Two resources that manage one thing: each run would undo the other's work. */
import type { CatalogProblem, Declared } from '../engine/catalog.ts';
import type { Unordered } from '../engine/order.ts';
import type { AnyResourceType } from '../engine/resource-type.ts';

type Types = ReadonlyMap<string, AnyResourceType>;

/** What only one resource may manage: its own name, and what its kind says it owns. */
const claimsOf = ({ resource }: Unordered, types: Types): string[] => [
  resource.ref,
  ...(types.get(resource.kind)?.owns?.(resource.desired) ?? []),
];

/** Of `part:/etc/hosts#block`, the whole that another may claim: `path:/etc/hosts`. */
const wholeOf = (claim: string): string | undefined => {
  const [, path] = /^part:(.*)#[^#]*$/.exec(claim) ?? [];
  return path === undefined ? undefined : `path:${path}`;
};

class Claims {
  readonly #owners = new Map<string, Declared>();
  readonly #ofParts = new Map<string, Declared>();

  /** Who has it already, or a part of it, or the whole that it is a part of. */
  ownerOf(claim: string): Declared | undefined {
    return this.#owners.get(claim) ?? this.#ofParts.get(claim) ?? this.#owners.get(wholeOf(claim) ?? '');
  }

  give(claim: string, resource: Declared): void {
    this.#owners.set(claim, resource);
    const whole = wholeOf(claim);
    if (whole !== undefined) this.#ofParts.set(whole, resource);
  }
}

export const findRivals = (all: readonly Unordered[], types: Types): CatalogProblem[] => {
  const claims = new Claims();
  const problems: CatalogProblem[] = [];
  for (const one of all) {
    const { resource } = one;
    for (const claim of claimsOf(one, types)) {
      const owner = claims.ownerOf(claim);
      if (owner === undefined) claims.give(claim, resource);
      else if (owner.ref === resource.ref) {
        problems.push({ at: resource.at, message: `${resource.ref} is declared twice`, firstAt: owner.at });
        break;
      } else
        problems.push({
          at: resource.at,
          message: `${resource.ref} and ${owner.ref} both manage ${wholeOf(claim) ?? claim}`,
          firstAt: owner.at,
        });
    }
  }
  return problems;
};
