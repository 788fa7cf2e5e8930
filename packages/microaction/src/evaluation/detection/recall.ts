import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { descendingOrder, type Ties } from '../sorting/descendingOrder.ts';
import { type ClassRows, groupByClass } from './classRows.ts';
import { groupLevel, type Level, openTadTiou, rulesOf } from './detectionMap.ts';
import type { DetectionTable, PredictionTable } from './detectionTable.ts';
import { instancesByVideo, temporalIou } from './matchClass.ts';

export interface TopRecallOptions {
  /** Temporal IoU thresholds; 0.1 to 0.9 when absent. */
  readonly tiou?: readonly number[];
  /** Predictions looked at, as multiples of the number of instances; 1 and 5 when absent. */
  readonly multiples?: readonly number[];
  readonly ties?: Ties;
}

export interface TopRecall {
  readonly tiou: readonly number[];
  readonly multiples: readonly number[];
  /** Mean over classes: by threshold, then by multiple. Fractions. */
  readonly mean: readonly (readonly number[])[];
  readonly perClass: Readonly<Record<string, readonly (readonly number[])[]>>;
}

/**
 * OpenTAD's top-kx recall: of each video and class with n instances the best k x n predictions are looked at, and an
 * instance counts as found if any of them reaches the threshold; one prediction may find several.
 */
export function topRecall(
  truth: DetectionTable,
  predictions: PredictionTable,
  taxonomy: Taxonomy,
  level: Level,
  { tiou = openTadTiou, multiples = [1, 5], ties = 'numpy' }: TopRecallOptions = {},
): TopRecall {
  rulesOf({ tiou });
  const data = groupLevel(truth, predictions, taxonomy, level);
  const recalls = data.classes.map((_, c) =>
    recallOf(data, c, tiou, ties, (_video, instances) => multiples.map((multiple) => multiple * instances)),
  );
  const mean = tiou.map((_, t) => multiples.map((_, k) => average(recalls.map((recall) => recall[t][k]))));
  const perClass = Object.fromEntries(data.classes.map((name, c) => [name, recalls[c]]));
  return { tiou, multiples, mean, perClass };
}

export interface AverageRecallOptions {
  /** Temporal IoU thresholds; 0.5, 0.55 ... 0.95 when absent. */
  readonly tiou?: readonly number[];
  /** Numbers of proposals a video, ascending; 1, 5, 10, 50 and 100 when absent. */
  readonly proposals?: readonly number[];
  /**
   * `average`: as ActivityNet and OpenTAD count, the same share of each video's proposals, such that they are that many
   * a video on average; the largest of `proposals` bounds it. `each`: the best N of each video.
   */
  readonly per?: 'average' | 'each';
  readonly ties?: Ties;
}

export interface AverageRecall {
  readonly tiou: readonly number[];
  readonly proposals: readonly number[];
  /** By threshold, then by number of proposals. Fractions. */
  readonly recall: readonly (readonly number[])[];
  /** AR@AN: mean over thresholds, by number of proposals. */
  readonly average: readonly number[];
}

/**
 * Average recall at a number of proposals: the share of instances that any of the best proposals of their video
 * overlaps enough, whatever the classes. Duplicates in the truth are removed; instances of two actions over the same
 * span count twice.
 */
export function averageRecall(
  truth: DetectionTable,
  predictions: PredictionTable,
  {
    tiou = activityNetTiou,
    proposals = [1, 5, 10, 50, 100],
    per = 'average',
    ties = 'numpy',
  }: AverageRecallOptions = {},
): AverageRecall {
  rulesOf({ tiou });
  const data = withoutClasses(truth, predictions);
  const limits = per === 'each' ? () => [...proposals] : averageLimits(data, proposals);
  const recall = recallOf(data, 0, tiou, ties, limits);
  return { tiou, proposals, recall, average: proposals.map((_, n) => average(recall.map((row) => row[n]))) };
}

// ---- below: internals ----

/** `numpy.linspace(0.5, 0.95, 10)`, last bits included. */
const activityNetTiou: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
);

/**
 * Recall of a class by threshold and limit. `limitsOf` says how many of the best predictions of a video with so many
 * instances are looked at; the limits of all videos are in the same order.
 */
function recallOf(
  data: ClassRows,
  index: number,
  tiou: readonly number[],
  ties: Ties,
  limitsOf: (video: number, instances: number) => number[],
): number[][] {
  const { first, count } = instancesByVideo(data, index);
  const byVideo = rowsByVideo(data, index);
  let found: number[][] | undefined;
  for (let video = 0; video < data.videos; video++) {
    if (count[video] === 0) continue;
    const limits = limitsOf(video, count[video]);
    found ??= tiou.map(() => limits.map(() => 0));
    const rows = byVideo.rows.subarray(byVideo.from[video], byVideo.from[video + 1]);
    const order = descendingOrder(
      Float64Array.from(rows, (row) => data.score[row]),
      ties,
    );
    for (let g = first[video]; g < first[video] + count[video]; g++) {
      // The best overlap among the first so many, at each limit.
      const best = limits.map(() => 0);
      for (let rank = 0; rank < Math.min(order.length, Math.max(...limits)); rank++) {
        const row = rows[order[rank]];
        const overlap = temporalIou(data.truthStart[g], data.truthEnd[g], data.start[row], data.end[row], 'clip');
        for (let l = 0; l < limits.length; l++) if (rank < limits[l] && overlap > best[l]) best[l] = overlap;
      }
      for (let t = 0; t < tiou.length; t++) {
        for (let l = 0; l < limits.length; l++) if (best[l] >= tiou[t]) found[t][l] += 1;
      }
    }
  }
  const instances = data.truthFrom[index + 1] - data.truthFrom[index];
  return (found ?? []).map((row) => row.map((hits) => hits / instances));
}

/** The rows of a class by video, in file order within. */
function rowsByVideo(data: ClassRows, index: number): { from: Int32Array; rows: Int32Array } {
  const rows = data.rows.subarray(data.from[index], data.from[index + 1]);
  const from = new Int32Array(data.videos + 1);
  for (const row of rows) from[data.video[row] + 1] += 1;
  for (let video = 0; video < data.videos; video++) from[video + 1] += from[video];
  const next = from.slice();
  const sorted = new Int32Array(rows.length);
  for (const row of rows) sorted[next[data.video[row]]++] = row;
  return { from, rows: sorted };
}

/** All as one class; the truth cleaned by action before. */
function withoutClasses(truth: DetectionTable, predictions: PredictionTable): ClassRows {
  const byAction = groupByClass(truth, predictions);
  const { truthVideo: video, truthStart: start, truthEnd: end } = byAction;
  const merged = { ...truth, labels: ['any'], label: new Int32Array(video.length), video, start, end };
  return groupByClass(merged, predictions, { rename: () => 'any', classes: ['any'] });
}

/** How ActivityNet divides an average number of proposals among videos that have instances. */
function averageLimits(data: ClassRows, proposals: readonly number[]): (video: number) => number[] {
  const most = Math.max(...proposals);
  const truthVideos = new Set(data.truthVideo);
  const available = new Int32Array(data.videos);
  for (const row of data.rows) available[data.video[row]] += 1;
  const ratio = (most * truthVideos.size) / Math.max(1, data.rows.length);
  const kept = available.map((count) => Math.min(Math.trunc(count * ratio), count));
  let total = 0;
  for (const video of truthVideos) total += kept[video];
  const shares = proposals.map((n) => (n / most) * ((most * truthVideos.size) / Math.max(1, total)));
  return (video) => shares.map((share) => Math.min(Math.trunc(kept[video] * share), kept[video]));
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
