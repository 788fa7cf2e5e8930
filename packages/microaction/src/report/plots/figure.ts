import type { TopLevelSpec } from 'vega-lite';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { bodyPartHue } from '../bodyPartColours.ts';
import { textWidth } from './textWidth.ts';

/** A picture of numbers: one vega-lite specification, plain data, that draws alike wherever it is drawn. */
export interface Figure {
  /** Short and fit for a file: `instances-per-action`. */
  readonly name: string;
  readonly title: string;
  /** Holds the rows, too: whoever has it has the data. At most 900 pixels wide. */
  readonly spec: TopLevelSpec;
  /** What it shows, one row a mark; columns carry their units. */
  readonly rows: readonly FigureRow[];
}

export type FigureRow = Readonly<Record<string, string | number | boolean | null>>;

/** What a figure is drawn in. The result page puts its theme's colours in the place of the first three. */
export const ink = { text: '#1b1d20', aside: '#565b61', line: '#d5d8dc', bar: '#5f7183' } as const;

/** The figure, or, where there is nothing to draw, one that says so: axes without data have no ends. */
export function figureOf(figure: Figure): Figure {
  if (figure.rows.length > 0) return figure;
  const spec: TopLevelSpec = {
    ...frame(figure.title, []),
    data: { values: [{ note: 'nothing to show' }] },
    width: 400,
    height: 60,
    mark: { type: 'text', x: 0, align: 'left', fontSize: 11, color: ink.aside },
    encoding: { text: { field: 'note', type: 'nominal' } },
  };
  return { ...figure, spec };
}

/** What all figures have in common: title, data, look. */
export function frame(title: string, rows: readonly FigureRow[], subtitle?: string) {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: title, ...(subtitle !== undefined && { subtitle }) },
    data: { values: rows.map((row) => ({ ...row })) },
    background: 'white',
    padding: 12,
    config,
  };
}

/** `1 video`, `1,204 videos` */
export const counted = (count: number, what: string) =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;

/** A colour scale with one hue a body part, and its legend along the top. The field holds names of parts. */
export function bodyPartColour(taxonomy: Taxonomy, field = 'bodyPart') {
  const names = taxonomy.bodyParts.map(({ name }) => name);
  const widest = Math.max(...names.map((name) => Math.min(200, textWidth(name, 11))));
  return {
    field,
    type: 'nominal',
    scale: { domain: names, range: names.map((_, i) => bodyPartHue(i)) },
    legend: { title: null, orient: 'top', columns: Math.max(1, Math.floor(600 / (30 + widest))) },
  } as const;
}

/** The hue of a label: an action's is that of its body part. Grey for what the taxonomy does not know. */
export function hueOf(label: string, taxonomy: Taxonomy): string {
  const code = taxonomy.bodyParts.find(({ name }) => name === label)?.code ?? taxonomy.find(label)?.bodyPart;
  const position = taxonomy.bodyParts.findIndex((part) => part.code === code);
  return bodyPartHue(position);
}

/** An axis of labels, in the order of the rows, each legible. */
export function labelAxis(field: string) {
  return {
    field,
    type: 'nominal',
    sort: null,
    title: null,
    axis: { labelLimit: 230, labelOverlap: false, labelPadding: 5, ticks: false, domain: false, grid: false },
  } as const;
}

// ---- below: internals ----

const config = {
  // Arial's widths are those by which text is measured where there is no canvas; Arimo and Liberation share them.
  font: 'Arial, Arimo, "Liberation Sans", Helvetica, sans-serif',
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'group',
    limit: 600,
    fontSize: 14,
    color: ink.text,
    subtitleColor: ink.aside,
    subtitleFontSize: 11,
    offset: 10,
  },
  axis: {
    labelColor: ink.text,
    titleColor: ink.aside,
    titleFontWeight: 'normal',
    gridColor: ink.line,
    domainColor: ink.aside,
    tickColor: ink.aside,
    labelFontSize: 11,
    titleFontSize: 11,
    titlePadding: 6,
    labelFlush: false,
  },
  legend: {
    labelColor: ink.text,
    titleColor: ink.aside,
    titleFontWeight: 'normal',
    symbolType: 'square',
    symbolSize: 110,
    symbolStrokeWidth: 0,
    labelFontSize: 11,
    titleFontSize: 11,
    labelLimit: 200,
  },
  header: { labelColor: ink.text, titleColor: ink.aside, labelFontSize: 11, titleFontSize: 11 },
  text: { fontSize: 10, color: ink.text },
  // Yellow bars need an edge on white.
  bar: { stroke: 'rgba(0,0,0,0.4)', strokeWidth: 0.5 },
  rule: { color: ink.text },
} as const;
