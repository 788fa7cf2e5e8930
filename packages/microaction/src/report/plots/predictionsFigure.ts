import type { Instance } from '../../annotation/dataset.ts';
import { temporalIou } from '../../annotation/temporalIou.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { bodyPartHue } from '../bodyPartColours.ts';
import { type Figure, figureOf, frame, ink, labelAxis } from './figure.ts';
import { textWidth } from './textWidth.ts';

export interface PredictedVideo {
  /** What the video is called; any text. */
  readonly title: string;
  /** Default: up to the last end. */
  readonly durationSeconds?: number;
  readonly truth: readonly Instance[];
  /** With scores. */
  readonly predictions: readonly Instance[];
}

export interface PredictionsFigureOptions {
  /** How many predictions, those with the best scores. Default 10. */
  readonly top?: number;
  /** Pictures along the top, each at its time or, where it is crowded, as near as may be. */
  readonly frames?: readonly VideoFrame[];
}

export interface VideoFrame {
  readonly seconds: number;
  /** `data:image/png;base64,…` or `data:image/jpeg;base64,…` */
  readonly dataUrl: string;
  readonly widthPixels: number;
  readonly heightPixels: number;
}

/**
 * The truth and the best predictions of one video on a time line, predictions coloured by their temporal IoU with the
 * instance of the same action that they overlap most (figure 8 of the MMA-52 paper).
 */
export function predictionsFigure(
  { title, truth, predictions, ...video }: PredictedVideo,
  taxonomy: Taxonomy,
  options: PredictionsFigureOptions = {},
): Figure {
  const { top = 10, frames = [] } = options;
  const best = [...predictions].sort((a, b) => (b.score ?? 0) - (a.score ?? 0)).slice(0, top);
  const durationSeconds = video.durationSeconds ?? Math.max(1, ...[...truth, ...best].map(({ end }) => end));
  const partOf = (action: string) => taxonomy.bodyPartOf(action).name;
  const truthRows = lanes(truth).map(({ instance: { action, start, end }, lane }) => {
    const row = lane === 0 ? action : `${action} (${lane + 1})`;
    return { kind: 'truth', row, action, bodyPart: partOf(action), start, end, score: null, tiou: null };
  });
  const predictedRows = best.map(({ action, start, end, score = 0 }, i) => {
    const tiou = Math.max(
      0,
      ...truth.filter((one) => one.action === action).map((one) => temporalIou(one, { start, end })),
    );
    const row = `${i + 1}. ${action} ${score.toFixed(2)}`;
    return { kind: 'prediction', row, action, bodyPart: partOf(action), start, end, score, tiou };
  });
  const rows = [...truthRows, ...predictedRows];
  const x = {
    type: 'quantitative' as const,
    scale: { domain: [0, durationSeconds], nice: false, clamp: true },
  };
  const bar = (axis: object) => ({
    x: { field: 'start', ...x, axis: { tickCount: 10, ...axis } },
    x2: { field: 'end' },
  });
  const extent = labelExtent(rows);
  const timeLineWidth = Math.floor(Math.min(560, 850 - extent - legendWidth(taxonomy)));
  const panel = (kind: string, heading: string) => ({
    title: { text: heading, fontSize: 11, fontWeight: 'normal' as const, color: ink.aside, offset: 4 },
    width: timeLineWidth,
    height: { step: 20 },
    transform: [{ filter: `datum.kind == '${kind}'` }],
  });
  return figureOf({
    name: 'predictions',
    title,
    rows,
    spec: {
      ...frame(title, rows),
      spacing: 12,
      vconcat: [
        ...(frames.length === 0 ? [] : [filmStrip(frames, durationSeconds, timeLineWidth)]),
        {
          ...panel('truth', 'truth'),
          mark: { type: 'bar', color: ink.bar },
          encoding: {
            ...bar({ labels: false, ticks: false, domain: false, title: null }),
            y: timeLineRows(truthRows, extent),
            color: {
              field: 'bodyPart',
              type: 'nominal',
              scale: partScale(taxonomy, truthRows),
              legend: { title: null, orient: 'right' },
            },
          },
        },
        {
          ...panel('prediction', `the ${best.length} best predictions, with their scores`),
          encoding: { y: timeLineRows(predictedRows, extent) },
          layer: [
            {
              mark: 'bar',
              encoding: {
                ...bar(timeAxis),
                color: {
                  field: 'tiou',
                  type: 'quantitative',
                  scale: { scheme: 'viridis', domain: [0, 1] },
                  legend: { title: 'temporal IoU', orient: 'right', gradientLength: 120 },
                },
              },
            },
            {
              // The number, too, where the bar has room for it; viridis turns light in its upper half.
              transform: [{ filter: `datum.end - datum.start > ${(30 / timeLineWidth) * durationSeconds}` }],
              mark: { type: 'text', align: 'left', dx: 5, fontSize: 9 },
              encoding: {
                x: bar(timeAxis).x,
                text: { field: 'tiou', type: 'quantitative', format: '.2f' },
                color: { condition: { test: 'datum.tiou > 0.55', value: '#000' }, value: '#fff' },
              },
            },
          ],
        },
      ],
      resolve: { scale: { color: 'independent' } },
    },
  });
}

// ---- below: internals ----

const stripHeight = 72;
const timeAxis = { title: 'time, seconds' };

function timeLineRows(rows: readonly { row: string }[], extent: number) {
  const { axis, ...field } = labelAxis('row');
  const names = [...new Set(rows.map(({ row }) => row))];
  return { ...field, scale: { domain: names }, axis: { ...axis, minExtent: extent, maxExtent: extent, grid: true } };
}

/** The same for both panels, so that their time lines stand one below the other. */
function labelExtent(rows: readonly { row: string }[]): number {
  return Math.min(240, 10 + Math.max(60, ...rows.map(({ row }) => textWidth(row, 11))));
}

function legendWidth(taxonomy: Taxonomy): number {
  return 40 + Math.max(80, ...taxonomy.bodyParts.map(({ name }) => Math.min(200, textWidth(name, 11))));
}

/** Instances by action, those of one action that overlap in lanes of their own; in order of first start. */
function lanes(instances: readonly Instance[]) {
  const sorted = [...instances].sort((a, b) => a.start - b.start || a.end - b.end);
  const ends = new Map<string, number[]>();
  const placed = sorted.map((instance) => {
    const free = ends.get(instance.action) ?? [];
    ends.set(instance.action, free);
    const found = free.findIndex((end) => end <= instance.start);
    const lane = found < 0 ? free.length : found;
    free[lane] = instance.end;
    return { instance, lane };
  });
  const order = [...ends.keys()];
  return placed.sort((a, b) => order.indexOf(a.instance.action) - order.indexOf(b.instance.action) || a.lane - b.lane);
}

function partScale(taxonomy: Taxonomy, rows: readonly { bodyPart: string }[]) {
  const present = taxonomy.bodyParts.map(({ name }, i) => ({ name, hue: bodyPartHue(i) }));
  const shown = present.filter(({ name }) => rows.some(({ bodyPart }) => bodyPart === name));
  return { domain: shown.map(({ name }) => name), range: shown.map(({ hue }) => hue) };
}

/** Side by side, each as near to its time as the others let it; all of one width. */
function placeFrames(frames: readonly VideoFrame[], durationSeconds: number, timeLineWidth: number) {
  const sorted = [...frames].sort((a, b) => a.seconds - b.seconds);
  const aspect = Math.max(...sorted.map(({ widthPixels, heightPixels }) => widthPixels / heightPixels));
  const width = Math.min(stripHeight * aspect, timeLineWidth / sorted.length);
  let taken = 0;
  const placed = sorted.map(({ seconds, dataUrl }, i) => {
    const centred = (seconds / durationSeconds) * timeLineWidth - width / 2;
    const left = Math.max(taken, Math.min(centred, timeLineWidth - width * (sorted.length - i)));
    taken = left + width;
    return { dataUrl, middle: left + width / 2 };
  });
  return { placed, width, height: width / aspect };
}

function filmStrip(frames: readonly VideoFrame[], durationSeconds: number, timeLineWidth: number) {
  const { placed, width, height } = placeFrames(frames, durationSeconds, timeLineWidth);
  return {
    data: { values: placed },
    width: timeLineWidth,
    height,
    mark: { type: 'image' as const, width: width - 2, height, aspect: false },
    encoding: {
      x: {
        field: 'middle',
        type: 'quantitative' as const,
        scale: { domain: [0, timeLineWidth], nice: false },
        axis: null,
      },
      y: { value: height / 2 },
      url: { field: 'dataUrl', type: 'nominal' as const },
    },
  };
}
