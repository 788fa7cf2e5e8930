import type { Agreement, AgreementReport, Estimate } from '../../agreement/agreement.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { bodyPartColour, counted, type Figure, figureOf, frame, ink, labelAxis } from './figure.ts';

/** How well coders agree on each label, with intervals: time samples, units, events, the data set's own rule. */
export function agreementFigure(report: AgreementReport, taxonomy: Taxonomy): Figure {
  const title = `Agreement of ${listed(report.coders)}`;
  const rows = [{ label: 'all', ...report.overall }, ...report.labels].flatMap((row) =>
    measures.map(({ measure, of }) => ({
      label: row.label,
      bodyPart: row.label === 'all' ? null : partOf(row.label, taxonomy),
      measure,
      instances: Math.max(...row.instances),
      ...of(row),
    })),
  );
  const lowest = Math.min(0, ...rows.map(({ value, low }) => low ?? value ?? 0));
  const x = {
    type: 'quantitative' as const,
    title: null,
    scale: { domain: [Math.floor(lowest * 5) / 5, 1], clamp: true },
  };
  const percent = Math.round(100 * report.settings.confidence);
  const intervals = report.settings.resamples > 0 ? `; lines: ${percent} % intervals (bootstrap over videos)` : '';
  return figureOf({
    name: 'agreement',
    title,
    rows,
    spec: {
      ...frame(title, rows, `${counted(report.videos, 'video')} that all coded${intervals}`),
      spacing: 16,
      hconcat: measures.map(({ measure }, i) => ({
        title: { text: measure, fontSize: 11, fontWeight: 'normal' as const, anchor: 'middle' as const, offset: 4 },
        width: 132,
        height: { step: report.labels.length > 30 ? 15 : 18 },
        transform: [{ filter: `datum.measure == '${measure}'` }],
        encoding: {
          y: {
            ...labelAxis('label'),
            axis:
              i === 0
                ? labelAxis('label').axis
                : { labels: false, ticks: false, domain: false, title: null, grid: true },
          },
        },
        layer: [
          {
            mark: { type: 'rule' as const, strokeWidth: 1.5, color: ink.aside },
            encoding: { x: { field: 'low', ...x, axis: { tickCount: 5 } }, x2: { field: 'high' } },
          },
          {
            mark: { type: 'point' as const, filled: true, size: 60, opacity: 1, stroke: ink.text, strokeWidth: 0.7 },
            encoding: {
              x: { field: 'value', ...x },
              color: { ...bodyPartColour(taxonomy), condition: { test: 'datum.bodyPart == null', value: ink.text } },
            },
          },
        ],
      })),
    },
  });
}

// ---- below: internals ----

const measures: readonly { readonly measure: string; readonly of: (row: Agreement) => Estimate }[] = [
  { measure: 'alpha on time', of: ({ alpha }) => alpha },
  { measure: 'unitised alpha', of: ({ unitisedAlpha }) => unitisedAlpha },
  { measure: 'F1 of events', of: ({ f1 }) => f1 },
  { measure: 'agreed by all', of: ({ agreedByAll }) => agreedByAll.share },
];

function partOf(label: string, taxonomy: Taxonomy): string {
  return taxonomy.find(label) ? taxonomy.bodyPartOf(label).name : label;
}

function listed(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names);
}
