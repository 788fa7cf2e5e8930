import type { Figure } from 'microaction/plots';
import type { Language } from '../../contract/common.ts';
import { type FigureTexts, figureTexts } from './figureTexts.ts';

export interface FigureLook {
  readonly theme: 'light' | 'dark';
  readonly language: Language;
  /** Nothing is painted behind it: for a page that has a ground of its own. */
  readonly transparent: boolean;
}

/** The figure in the colours of a theme, its words in a language as far as they are known in it. The data stay. */
export function withLook(figure: Figure, { theme, language, transparent }: FigureLook): Figure {
  const texts = figureTexts[language];
  const said = texts ? inLanguage(figure, texts) : figure.spec;
  const spec = theme === 'dark' ? (recoloured(said) as Figure['spec']) : said;
  return { ...figure, spec: { ...spec, background: transparent ? 'transparent' : spec.background } };
}

// ---- below: internals ----

/** What figures are drawn in, by what it becomes on a dark ground; hues of body parts stay as they are. */
const dark: Readonly<Record<string, string>> = {
  '#1b1d20': '#e6e8eb',
  '#565b61': '#a9b0b8',
  '#d5d8dc': '#3a4048',
  '#5f7183': '#64798f',
  white: '#16191d',
  // Empty cells of matrices: lighter than viridis' dark end, without glaring.
  '#eff1f3': '#4a515a',
};

type Visit = (value: unknown, key: string) => unknown;

/** A copy of everything but the data, with what `visit` makes of each part; parts inside first. */
function mapped(value: unknown, visit: Visit, key = ''): unknown {
  if (key === 'data') return value;
  if (Array.isArray(value))
    return visit(
      value.map((one) => mapped(one, visit, key)),
      key,
    );
  if (typeof value !== 'object' || value === null) return visit(value, key);
  return visit(Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapped(one, visit, name)])), key);
}

const recoloured = (spec: unknown) =>
  mapped(spec, (value) => (typeof value === 'string' ? (dark[value] ?? value) : value));

/**
 * Titles are said otherwise where they stand. Labels come from the data, which stay as they are, so that scales, filters
 * and tests hold: axes and legends get an expression that looks up what to write.
 */
function inLanguage({ spec, rows }: Figure, texts: FigureTexts): Figure['spec'] {
  const values = new Set(rows.flatMap((row) => Object.values(row)).filter((value) => typeof value === 'string'));
  // Legends also name what no row is of.
  mapped(spec, (value, key) => (key === 'domain' && typeof value === 'string' ? values.add(value) : value));
  const said = [...values].map((value) => [value, texts.label(value)]).filter(([english, other]) => english !== other);
  const labelExpr = `(${JSON.stringify(Object.fromEntries(said))})[datum.value] || datum.label`;
  return mapped(spec, (value, key) => {
    if (typeof value === 'string') return titleKeys.has(key) ? texts.title(value) : value;
    if (!isNominal(value)) return value;
    if (key === 'color') return withLabels(value, 'legend', labelExpr);
    return key === 'x' || key === 'y' ? withLabels(value, 'axis', labelExpr) : value;
  }) as Figure['spec'];
}

const titleKeys: ReadonlySet<string> = new Set(['title', 'subtitle', 'text']);

type Channel = Readonly<Record<string, unknown>>;

const isNominal = (value: unknown): value is Channel =>
  typeof value === 'object' && value !== null && (value as Channel).type === 'nominal';

/** Where labels are written at all, and not by an expression of their own. */
function withLabels(channel: Channel, guide: 'axis' | 'legend', labelExpr: string): Channel {
  const options = channel[guide];
  if (options === null || (options as Channel | undefined)?.labelExpr !== undefined) return channel;
  return { ...channel, [guide]: { ...(options as Channel | undefined), labelExpr } };
}
