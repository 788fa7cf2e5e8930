import type { Figure } from 'microaction/plots';
import type { Language } from '../../contract/common.ts';

export interface FigureLook {
  readonly theme: 'light' | 'dark';
  readonly language: Language;
  /** Nothing is painted behind it: for a page that has a ground of its own. */
  readonly transparent: boolean;
}

/** The figure in the colours of a theme, with its words in a language as far as they are known in it. */
export function withLook(figure: Figure, { theme, transparent }: FigureLook): Figure {
  const colours = theme === 'dark' ? dark : {};
  const spec = replaced(figure.spec, colours) as Figure['spec'];
  return { ...figure, spec: { ...spec, background: transparent ? 'transparent' : spec.background } };
}

// ---- below: internals ----

/** What figures are drawn in, by what it becomes on a dark ground; hues of body parts stay as they are. */
const dark: Readonly<Record<string, string>> = {
  '#1b1d20': '#e6e8eb',
  '#565b61': '#a9b0b8',
  '#d5d8dc': '#3a4048',
  '#5f7183': '#8da2b8',
  white: '#16191d',
};

/** A copy in which every text that has an entry is replaced by it, except in the data. */
function replaced(value: unknown, entries: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return entries[value] ?? value;
  if (Array.isArray(value)) return value.map((one) => replaced(one, entries));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key === 'data' ? one : replaced(one, entries)]),
  );
}
