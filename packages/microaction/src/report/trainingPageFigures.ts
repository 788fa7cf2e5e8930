import type { LogRecord, StepRecord, ValidationRecord } from '../training/runLog.ts';
import { type Figure, type FigureRow, figureOf, frame, ink } from './plots/figure.ts';

/** The curves of a run, from its log: losses, mean average precision, learning rates, gradients. */
export function trainingFigures(log: readonly LogRecord[]): Figure[] {
  const steps = thinned(log.filter((record): record is StepRecord => record.kind === 'step'));
  const validations = log.filter((record): record is ValidationRecord => record.kind === 'validation');
  const series = (of: (record: StepRecord) => Readonly<Record<string, number>>): FigureRow[] =>
    steps.flatMap((record) =>
      Object.entries(of(record)).map(([name, value]) => ({ step: record.step, series: name, value })),
    );
  const shownMeasures = new Map([
    ['action', 'actions'],
    ['body', 'body parts'],
    ['average', 'mean of both'],
  ]);
  const precisions = validations.flatMap(({ step, measures }): FigureRow[] =>
    Object.entries(measures).flatMap(([name, value]) => {
      const title = shownMeasures.get(name);
      return title === undefined ? [] : [{ step, series: title, value: 100 * value }];
    }),
  );
  return [
    curves(
      'loss',
      'Loss',
      'loss',
      series(({ losses }) => losses),
    ),
    curves('validation', 'Detection-mAP on the validation videos', 'average over temporal IoU, %', precisions),
    curves(
      'learning-rate',
      'Learning rate',
      'rate',
      series(({ learningRates }) => learningRates),
    ),
    curves(
      'gradient-norm',
      'Norm of all gradients, before clipping',
      'norm',
      series(({ gradientNorm }) => ({ gradients: gradientNorm })),
    ),
  ];
}

// ---- below: internals ----

const mostPoints = 500;
const hues = ['#0b6fa4', '#c0562b', '#3f7d3a', '#7a4fa3'];

/** At most so many records, evenly spread: each stands for the ones before it by the mean of its losses. */
function thinned(records: readonly StepRecord[]): StepRecord[] {
  const share = Math.ceil(records.length / mostPoints);
  const groups = Array.from({ length: Math.ceil(records.length / Math.max(1, share)) }, (_, i) =>
    records.slice(i * share, (i + 1) * share),
  );
  return groups.map((group) => {
    const last = group[group.length - 1];
    const mean = (of: (record: StepRecord) => number) => group.reduce((sum, one) => sum + of(one), 0) / group.length;
    const losses = Object.keys(last.losses).map((name) => [name, mean((record) => record.losses[name])]);
    return { ...last, losses: Object.fromEntries(losses), gradientNorm: mean(({ gradientNorm }) => gradientNorm) };
  });
}

function curves(name: string, title: string, axis: string, rows: readonly FigureRow[]): Figure {
  const isFew = rows.length <= 40;
  return figureOf({
    name,
    title,
    rows,
    spec: {
      ...frame(title, rows),
      width: 640,
      height: 200,
      mark: { type: 'line', strokeWidth: 1.5, point: isFew ? { size: 25 } : false },
      encoding: {
        x: {
          field: 'step',
          type: 'quantitative',
          title: 'step',
          scale: { zero: true, nice: false },
          axis: { grid: false, tickMinStep: 1, format: 'd' },
        },
        y: { field: 'value', type: 'quantitative', title: axis, axis: { gridColor: ink.line, minExtent: 44 } },
        color: {
          field: 'series',
          type: 'nominal',
          sort: null,
          scale: { range: hues },
          legend: { title: null, orient: 'top', symbolType: 'stroke', symbolStrokeWidth: 2 },
        },
      },
    },
  });
}
