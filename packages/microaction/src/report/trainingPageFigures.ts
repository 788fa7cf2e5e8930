import type { Task } from '../training/recipe.ts';
import type { LogRecord, StepRecord, ValidationRecord } from '../training/runLog.ts';
import { type Figure, type FigureRow, figureOf, frame, ink } from './plots/figure.ts';

/** The curves of a run, from its log: losses, what validation says, learning rates, gradients. */
export function trainingFigures(log: readonly LogRecord[], task: Task = 'detection'): Figure[] {
  const steps = thinned(log.filter((record): record is StepRecord => record.kind === 'step'));
  const validations = log.filter((record): record is ValidationRecord => record.kind === 'validation');
  const series = (of: (record: StepRecord) => Readonly<Record<string, number>>): FigureRow[] =>
    steps.flatMap((record) =>
      Object.entries(of(record)).map(([name, value]) => ({ step: record.step, series: name, value })),
    );
  const { title, axis, measures: shownMeasures } = judgements[task];
  const judged = validations.flatMap(({ step, measures }): FigureRow[] =>
    Object.entries(measures).flatMap(([name, value]) => {
      const series = shownMeasures.get(name);
      return series === undefined ? [] : [{ step, series, value: 100 * value }];
    }),
  );
  return [
    curves(
      'loss',
      'Loss',
      'loss',
      series(({ losses }) => losses),
    ),
    curves('validation', title, axis, judged),
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

/** Which measures are shown, and under what names. */
const judgements: Readonly<Record<Task, { title: string; axis: string; measures: ReadonlyMap<string, string> }>> = {
  detection: {
    title: 'Detection-mAP on the validation videos',
    axis: 'average over temporal IoU, %',
    measures: new Map([
      ['action', 'actions'],
      ['body', 'body parts'],
      ['average', 'mean of both'],
    ]),
  },
  recognition: {
    title: 'Accuracy and F1 on the validation clips',
    axis: 'of clips, or F1, %',
    measures: new Map([
      ['action top-1', 'actions, top-1'],
      ['action top-5', 'actions, top-5'],
      ['body top-1', 'body parts, top-1'],
      ['F1 mean', 'F1 mean'],
    ]),
  },
};

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
