import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type Figure, figureOf, frame, hueOf, labelAxis } from './figure.ts';
import { textWidth } from './textWidth.ts';

export interface Matrix {
  readonly name: string;
  readonly title: string;
  /** Of rows and columns alike, in order. */
  readonly labels: readonly string[];
  readonly rowTitle: string | null;
  readonly columnTitle: string | null;
  /** What is counted. */
  readonly unit: string;
  /** How a number is written, in d3's language. Default: whole, with commas. */
  readonly format?: string;
  /** Name of the column that holds the numbers, with their unit. Default `count`. */
  readonly measure?: string;
  /** Those that are not 0. */
  readonly cells: readonly { readonly row: string; readonly column: string; readonly count: number }[];
}

/**
 * A matrix of counts in viridis, on a logarithmic scale, since such counts have long tails; empty cells stay empty.
 * Labels of the taxonomy carry their body part's hue.
 */
export function matrixFigure(matrix: Matrix, taxonomy: Taxonomy): Figure {
  const { name, title, labels, rowTitle, columnTitle, unit, format = ',~r', measure = 'count', cells } = matrix;
  const few = labels.length <= 12;
  const step = few ? 44 : Math.min(12, 640 / labels.length);
  const most = cells.reduce((max, { count }) => Math.max(max, count), 1);
  const least = cells.reduce((min, { count }) => Math.min(min, count), most);
  // Viridis turns light in its upper third; there black reads better.
  const light = Math.exp(Math.log(least) + 0.55 * (Math.log(most) - Math.log(least)));
  const labelSize = few ? 11 : Math.min(9, 0.75 * step);
  const scale = { domain: [...labels] };
  const axis = {
    ...labelAxis('row').axis,
    labelFontSize: labelSize,
    labelPadding: 4,
    ticks: true,
    tickSize: 5,
    tickWidth: 0.92 * step,
    tickColor: hueConditions(labels, taxonomy),
  };
  // One colour alone has no scale: the legend names its count. Of a short scale it names the ends.
  const isOne = most === least;
  const legend = isOne
    ? { type: 'symbol' as const, values: [least] }
    : most < 10 * least
      ? { values: [least, most] }
      : {};
  const width = step * Math.max(labels.length, 1);
  // Vega makes no room for a title that is wider than all else.
  const beside = Math.max(0, boldShare * textWidth(title, 14) - Math.max(width, isOne ? 0 : gradientPixels));
  const rows = cells.map(({ row, column, count }) => ({ row, column, [measure]: count }));
  return figureOf({
    name,
    title,
    rows,
    spec: {
      ...frame(title, rows),
      padding: { left: 12, top: 12, bottom: 12, right: 12 + beside },
      width,
      height: width,
      view: { fill: ground },
      encoding: {
        y: { ...labelAxis('row'), title: rowTitle, scale, axis },
        x: { ...labelAxis('column'), title: columnTitle, scale, axis: { ...axis, labelAngle: -90 } },
      },
      layer: [
        {
          mark: { type: 'rect', stroke: ground, strokeWidth: few ? 1 : 0.5 },
          encoding: {
            color: {
              field: measure,
              type: 'quantitative',
              scale: { type: 'log', scheme: 'viridis', domain: [least, isOne ? 2 * least : most] },
              legend: {
                ...{ title: unit, orient: 'top', gradientLength: gradientPixels, format, titleLimit: 400 },
                ...legend,
              },
            },
          },
        },
        ...(few
          ? [
              {
                mark: 'text' as const,
                encoding: {
                  text: { field: measure, type: 'quantitative' as const, format },
                  color: { condition: { test: `datum.${measure} > ${light}`, value: '#000' }, value: '#fff' },
                },
              },
            ]
          : []),
      ],
    },
  });
}

// ---- below: internals ----

const gradientPixels = 220;
/** Bold letters are that much wider. */
const boldShare = 1.08;

// Empty cells: light, so that viridis' dark end stands out.
const ground = '#eff1f3';

function hueConditions(labels: readonly string[], taxonomy: Taxonomy) {
  const byHue = Map.groupBy(labels, (label) => hueOf(label, taxonomy));
  return {
    condition: [...byHue].map(([hue, some]) => {
      return { test: `indexof(${JSON.stringify(some)}, datum.value) >= 0`, value: hue };
    }),
    value: '#999999',
  };
}
