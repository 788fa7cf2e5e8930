import type { Instance } from '../../annotation/dataset.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { assignLanes } from '../page/lanes.ts';
import { bodyPartColour, type Figure, figureOf, frame, labelAxis } from './figure.ts';
import { matrixFigure } from './matrixFigure.ts';
import type { FigureLevel } from './statisticsFigures.ts';

export interface EthogramVideo {
  /** What the video is called; any text. */
  readonly title: string;
  /** Default: up to the last end. */
  readonly durationSeconds?: number;
  readonly instances: readonly Instance[];
}

/** What happens when: instances of one video against time, a row for each action or body part that occurs. */
export function ethogramFigure(video: EthogramVideo, taxonomy: Taxonomy, level: FigureLevel = 'action'): Figure {
  const { title, instances } = video;
  const durationSeconds = video.durationSeconds ?? Math.max(1, ...instances.map(({ end }) => end));
  const known = taxonomy.bodyParts.flatMap(({ code, name }) =>
    level === 'body' ? [name] : taxonomy.actionsOf(code).map((action) => action.name),
  );
  const byLabel = Map.groupBy(instances, ({ action }) =>
    level === 'body' ? taxonomy.bodyPartOf(action).name : taxonomy.get(action).name,
  );
  const rows = known.flatMap((label) => {
    return assignLanes(byLabel.get(label) ?? []).flatMap((lane, i) =>
      lane.map(({ action, start, end }) => {
        const bodyPart = taxonomy.bodyPartOf(action).name;
        return { row: i === 0 ? label : `${label} (${i + 1})`, action, bodyPart, start, end };
      }),
    );
  });
  const names = [...new Set(rows.map(({ row }) => row))];
  const count = instances.length === 1 ? '1 instance' : `${number(instances.length)} instances`;
  return figureOf({
    name: `ethogram-per-${fileWord[level]}`,
    title,
    rows,
    spec: {
      ...frame(title, rows, `${count} in ${durationSeconds.toFixed(2)} s`),
      width: 600,
      height: { step: Math.max(6, Math.min(18, 900 / Math.max(names.length, 1))) },
      mark: { type: 'bar', height: { band: 0.8 } },
      encoding: {
        y: { ...labelAxis('row'), scale: { domain: names }, axis: { ...labelAxis('row').axis, grid: true } },
        x: {
          field: 'start',
          type: 'quantitative',
          title: 'time, seconds',
          scale: { domain: [0, durationSeconds], nice: false, clamp: true },
          axis: { tickCount: 10 },
        },
        x2: { field: 'end' },
        color: bodyPartColour(taxonomy),
      },
    },
  });
}

export interface BudgetEntry {
  /** Of an action or a body part. */
  readonly label: string;
  readonly instances: number;
  /** In which it happens, once where several do at the same time. */
  readonly seconds: number;
  /** Of all time, 0 to 1. */
  readonly shareOfTime: number;
}

/** How much of the time each label takes, the longest first, with how many instances. */
export function timeBudgetFigure(
  entries: readonly BudgetEntry[],
  totalSeconds: number,
  taxonomy: Taxonomy,
  level: FigureLevel = 'action',
): Figure {
  const partOf = (label: string) => (level === 'body' ? label : taxonomy.bodyPartOf(label).name);
  const rows = entries
    .map(({ label, instances, seconds, shareOfTime }) => ({
      ...{ label, bodyPart: partOf(label), instances, seconds, shareOfTime },
      written: `${seconds.toFixed(seconds < 100 ? 1 : 0)} s, ${number(instances)}×`,
    }))
    .sort((a, b) => b.seconds - a.seconds);
  const title = `Time budget per ${nameOf[level]}`;
  const longest = Math.max(...rows.map(({ shareOfTime }) => shareOfTime), 1e-6);
  return figureOf({
    name: `time-budget-per-${fileWord[level]}`,
    title,
    rows: rows.map(({ written: _, ...row }) => row),
    spec: {
      ...frame(title, rows, `of ${number(Math.round(totalSeconds))} s; beside each bar: seconds and instances`),
      width: 560,
      height: { step: level === 'body' ? 26 : 16 },
      encoding: {
        y: labelAxis('label'),
        x: {
          field: 'shareOfTime',
          type: 'quantitative',
          title: 'share of the time',
          // Room for what stands beside the longest bar.
          scale: { domain: [0, 1.18 * longest], nice: false },
          axis: { format: '~%', tickCount: 8 },
        },
      },
      layer: [
        { mark: 'bar', encoding: { color: bodyPartColour(taxonomy) } },
        { mark: { type: 'text', align: 'left', dx: 4 }, encoding: { text: { field: 'written', type: 'nominal' } } },
      ],
    },
  });
}

/** Numbers by two labels: `values[row][column]`. */
export interface LabelMatrix {
  readonly labels: readonly string[];
  readonly values: readonly (readonly number[])[];
}

/** How often a label (column) is the next to start after another (row) has started. */
export function transitionsFigure(matrix: LabelMatrix, taxonomy: Taxonomy, level: FigureLevel = 'action'): Figure {
  return matrixFigure(
    {
      name: `transitions-per-${fileWord[level]}`,
      title: `Which ${nameOf[level]} starts next`,
      labels: matrix.labels,
      rowTitle: 'first',
      columnTitle: 'next to start',
      unit: 'times that it is the next to start',
      cells: cellsOf(matrix),
    },
    taxonomy,
  );
}

/** How long two labels happen at the same time; on the diagonal, how long the one does. */
export function sharedTimeFigure(matrix: LabelMatrix, taxonomy: Taxonomy, level: FigureLevel = 'action'): Figure {
  return matrixFigure(
    {
      name: `shared-time-per-${fileWord[level]}`,
      title: `Which ${nameOf[level]}s happen at the same time`,
      labels: matrix.labels,
      rowTitle: null,
      columnTitle: null,
      unit: 'seconds in which both happen',
      format: ',.1f',
      measure: 'seconds',
      cells: cellsOf(matrix),
    },
    taxonomy,
  );
}

// ---- below: internals ----

const nameOf = { action: 'action', body: 'body part' } as const;
const fileWord = { action: 'action', body: 'body-part' } as const;

const number = (value: number) => value.toLocaleString('en');

function cellsOf({ labels, values }: LabelMatrix) {
  return labels.flatMap((row, r) =>
    labels.flatMap((column, c) => (values[r][c] > 0 ? [{ row, column, count: values[r][c] }] : [])),
  );
}
