import type { Cooccurrence } from '../../annotation/dataset/cooccurrence.ts';
import type { LabelStatistics, SubsetStatistics } from '../../annotation/dataset/statistics.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { bodyPartColour, counted, type Figure, figureOf, frame, ink, labelAxis } from './figure.ts';
import { matrixFigure } from './matrixFigure.ts';

export type FigureLevel = 'action' | 'body';

/** All figures of a data set's statistics, those at body level after those at action level. */
export function statisticsFigures(statistics: SubsetStatistics, taxonomy: Taxonomy): Figure[] {
  return [
    instancesFigure(statistics, taxonomy),
    instancesFigure(statistics, taxonomy, 'body'),
    durationsFigure(statistics, taxonomy),
    durationsFigure(statistics, taxonomy, 'body'),
    instancesPerVideoFigure(statistics),
    concurrencyFigure(statistics),
    cooccurrenceFigure(statistics, taxonomy),
    cooccurrenceFigure(statistics, taxonomy, 'body'),
  ];
}

/** How many instances each action has, most first: the long tail (figure 3 of the MMA-52 paper). */
export function instancesFigure(
  statistics: SubsetStatistics,
  taxonomy: Taxonomy,
  level: FigureLevel = 'action',
): Figure {
  const rows = labelRows(statistics, taxonomy, level)
    .map(({ label, bodyPart, instances, share, videos }) => ({ label, bodyPart, instances, share, videos }))
    .sort((a, b) => b.instances - a.instances);
  const title = `Instances per ${nameOf[level]}`;
  return figureOf({
    name: `instances-per-${fileWord[level]}`,
    title,
    rows,
    spec: {
      ...frame(title, rows, `${counted(statistics.instances, 'instance')} in ${counted(statistics.videos, 'video')}`),
      width: 600,
      height: { step: rowStep[level] },
      encoding: {
        y: labelAxis('label'),
        x: { field: 'instances', type: 'quantitative', title: 'instances', axis: { tickCount: 8, tickMinStep: 1 } },
      },
      layer: [
        { mark: 'bar', encoding: { color: bodyPartColour(taxonomy) } },
        {
          mark: { type: 'text', align: 'left', dx: 4 },
          encoding: { text: { field: 'instances', format: ',' } },
        },
      ],
    },
  });
}

/** How long the instances of each action last: mean and standard deviation (figure 4 of the MMA-52 paper). */
export function durationsFigure(
  statistics: SubsetStatistics,
  taxonomy: Taxonomy,
  level: FigureLevel = 'action',
): Figure {
  const rows = labelRows(statistics, taxonomy, level).flatMap((row) => {
    const { label, bodyPart, instances, meanSeconds, stdSeconds, medianSeconds } = row;
    if (meanSeconds === null || stdSeconds === null) return [];
    const [fromSeconds, toSeconds] = [Math.max(0, meanSeconds - stdSeconds), meanSeconds + stdSeconds];
    return [{ label, bodyPart, instances, meanSeconds, stdSeconds, medianSeconds, fromSeconds, toSeconds }];
  });
  const title = `Duration of instances per ${nameOf[level]}`;
  const x = { type: 'quantitative', title: 'duration, seconds', scale: { nice: true } } as const;
  return figureOf({
    name: `durations-per-${fileWord[level]}`,
    title,
    rows,
    spec: {
      ...frame(title, rows, 'bar: mean; line: one standard deviation to either side; number: instances'),
      width: 560,
      height: { step: rowStep[level] },
      encoding: { y: labelAxis('label') },
      layer: [
        { mark: 'bar', encoding: { x: { field: 'meanSeconds', ...x }, color: bodyPartColour(taxonomy) } },
        { mark: 'rule', encoding: { x: { field: 'fromSeconds', ...x }, x2: { field: 'toSeconds' } } },
        {
          mark: { type: 'text', align: 'right', x: 600, color: ink.aside },
          encoding: { text: { field: 'instances', format: ',' } },
        },
      ],
    },
  });
}

/** How many videos hold so many instances. */
export function instancesPerVideoFigure({ videosByInstances, videos }: SubsetStatistics): Figure {
  const rows = videosByInstances.map((row) => ({ ...row, share: videos > 0 ? row.videos / videos : 0 }));
  const title = 'Instances per video';
  const step = Math.min(48, 720 / rows.length);
  return figureOf({
    name: 'instances-per-video',
    title,
    rows,
    spec: {
      ...frame(title, rows, counted(videos, 'video')),
      width: { step },
      height: 240,
      encoding: {
        x: { field: 'instances', type: 'ordinal', title: 'instances in the video', axis: countAxis },
        y: { field: 'videos', type: 'quantitative', title: 'videos', axis: { tickMinStep: 1 } },
      },
      layer: barsWithShares('share', step),
    },
  });
}

/** How many instances run at once: share of the time, and the most that a video reaches. */
export function concurrencyFigure({ concurrency, videos }: SubsetStatistics): Figure {
  const rows = concurrency.levels.map(({ instances, seconds, share, videosWithThisMaximum }) => {
    const shareOfVideos = videos > 0 ? videosWithThisMaximum / videos : 0;
    return { instances, seconds, shareOfTime: share ?? 0, videosWithThisMaximum, shareOfVideos };
  });
  const title = 'Instances at the same time';
  const step = Math.min(48, 340 / rows.length);
  const panel = (field: string, x: string, y: string) =>
    ({
      width: { step },
      height: 240,
      encoding: {
        x: { field: 'instances', type: 'ordinal', title: x, axis: countAxis },
        y: { field, type: 'quantitative', title: y, axis: { format: '.0%' } },
      },
      layer: barsWithShares(field, step),
    }) as const;
  return figureOf({
    name: 'concurrency',
    title,
    rows,
    spec: {
      ...frame(title, rows),
      spacing: 40,
      hconcat: [
        panel('shareOfTime', 'instances that run', 'share of the time'),
        panel('shareOfVideos', 'most that run at once in a video', 'share of the videos'),
      ],
    },
  });
}

/** Which labels meet: pairs of instances that share some time, or videos that hold both. */
export function cooccurrenceFigure(
  { cooccurrence }: SubsetStatistics,
  taxonomy: Taxonomy,
  level: FigureLevel = 'action',
  count: keyof Cooccurrence = 'overlapping',
): Figure {
  const pairs = (level === 'action' ? cooccurrence.actions : cooccurrence.bodyParts)[count];
  const known = level === 'action' ? taxonomy.actions : taxonomy.bodyParts;
  const present = new Set(pairs.flatMap(({ labels }) => labels));
  const unit = count === 'overlapping' ? 'pairs of instances that overlap' : 'videos that hold both';
  return matrixFigure(
    {
      name: `co-occurrence-per-${fileWord[level]}`,
      title: `Which ${nameOf[level]}s occur together`,
      labels: known.map(({ name }) => name).filter((name) => present.has(name)),
      rowTitle: null,
      columnTitle: null,
      unit,
      cells: pairs.flatMap(({ labels: [a, b], count: n }) => {
        const cell = { row: a, column: b, count: n };
        return a === b ? [cell] : [cell, { row: b, column: a, count: n }];
      }),
    },
    taxonomy,
  );
}

// ---- below: internals ----

const nameOf = { action: 'action', body: 'body part' } as const;
const fileWord = { action: 'action', body: 'body-part' } as const;
const rowStep = { action: 14, body: 26 } as const;

type LabelRow = LabelStatistics & { readonly label: string; readonly bodyPart: string };

function labelRows(statistics: SubsetStatistics, taxonomy: Taxonomy, level: FigureLevel): LabelRow[] {
  if (level === 'body') return statistics.bodyParts.map((row) => ({ ...row, label: row.bodyPart }));
  const nameOfPart = new Map(taxonomy.bodyParts.map(({ code, name }) => [code, name]));
  const place = new Map(taxonomy.bodyParts.map(({ code }, i) => [code, i]));
  return statistics.actions
    .map((row) => ({ ...row, label: row.action, bodyPart: nameOfPart.get(row.bodyPart)!, code: row.bodyPart }))
    .sort((a, b) => place.get(a.code)! - place.get(b.code)! || a.id - b.id);
}

const countAxis = { labelAngle: 0, labelOverlap: true } as const;

/** Bars and, over each that has room for it, its share. */
function barsWithShares(field: string, step: number) {
  const bars = { mark: { type: 'bar', color: ink.bar } as const };
  const shares = {
    mark: { type: 'text', baseline: 'bottom', dy: -3 } as const,
    transform: [{ calculate: `datum.${field} < 0.001 ? '<0.1%' : format(datum.${field}, '.1%')`, as: 'written' }],
    encoding: {
      text: {
        condition: { test: `datum.${field} > 0`, field: 'written', type: 'nominal' } as const,
        value: '',
      },
    },
  };
  return step < 36 ? [bars] : [bars, shares];
}
