import type { Taxonomy } from 'microaction';

export type ResultLevel = 'action' | 'body';

/** The labels of a level in the order of the taxonomy, body part by body part, and an action's label. */
export function labelsAt(taxonomy: Taxonomy, level: ResultLevel) {
  const parts = new Map(taxonomy.bodyParts.map(({ code, name }) => [code, name]));
  const labelByAction = new Map(taxonomy.actions.map(({ name, bodyPart }) => [name, parts.get(bodyPart)!]));
  if (level === 'body') {
    return { labels: [...parts.values()], labelOf: (action: string) => labelByAction.get(action)! };
  }
  const labels = taxonomy.bodyParts.flatMap(({ code }) => taxonomy.actionsOf(code).map(({ name }) => name));
  return { labels, labelOf: (action: string) => action };
}
