import type { Action, Taxonomy } from 'microaction';

/**
 * Actions that a search finds, best first: by code, by name in the person's language, by English name, by other names.
 * All words must be found.
 */
export function searchActions(taxonomy: Taxonomy, query: string, titleOf: (action: string) => string): Action[] {
  const words = query.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...taxonomy.actions];
  return taxonomy.actions
    .map((action) => ({ action, rank: rankOf(action, titleOf(action.name), words) }))
    .filter(({ rank }) => rank < none)
    .sort((a, b) => a.rank - b.rank || a.action.id - b.action.id)
    .map(({ action }) => action);
}

// ---- below: internals ----

const none = Number.POSITIVE_INFINITY;

/** The worst of the words counts. */
function rankOf({ code, name, aliases = [] }: Action, title: string, words: readonly string[]): number {
  const names = [title, name].map((text) => text.toLowerCase());
  const others = aliases.map((alias) => alias.toLowerCase());
  return Math.max(
    ...words.map((word) => {
      if (code.toLowerCase() === word) return 0;
      if (names.some((text) => text.startsWith(word))) return 1;
      if (names.some((text) => text.includes(` ${word}`))) return 2;
      if (names.some((text) => text.includes(word)) || code.toLowerCase().startsWith(word)) return 3;
      return others.some((text) => text.includes(word)) ? 4 : none;
    }),
  );
}
