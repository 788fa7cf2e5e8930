import type { Taxonomy } from '../taxonomy/taxonomy.ts';

/** An action's name to its body part's; what is no action of the taxonomy stays as it is. */
export function bodyPartNames(taxonomy: Taxonomy): (label: string) => string {
  const parts = new Map(taxonomy.actions.map(({ name }) => [name, taxonomy.bodyPartOf(name).name]));
  return (label) => parts.get(label) ?? label;
}
