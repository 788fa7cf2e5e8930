import { UserError } from '../../errors.ts';
import type { DetectionTable, PredictionTable } from './detectionTable.ts';

/** Truth and predictions of one level, grouped by class once. Plain data with typed arrays, so threads can share it. */
export interface ClassRows {
  /** The classes of the mean. */
  readonly classes: readonly string[];
  /** Videos of the truth, then those that only the predictions have. */
  readonly videos: number;
  /** Instances of class c, by video and in file order within: `truthFrom[c]` up to `truthFrom[c + 1]`. */
  readonly truthFrom: Int32Array;
  readonly truthVideo: Int32Array;
  readonly truthStart: Float64Array;
  readonly truthEnd: Float64Array;
  /** Predictions of class c, in file order: `rows[from[c]]` up to `rows[from[c + 1]]` are rows of the columns below. */
  readonly from: Int32Array;
  readonly rows: Int32Array;
  readonly video: Int32Array;
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly score: Float64Array;
  /** Predictions of classes that are not in the mean. */
  readonly ignored: number;
}

export interface GroupOptions {
  /** The name under which a label is scored; its own when absent. */
  readonly rename?: (label: string) => string;
  /** The classes of the mean, and nothing is removed from the truth. Absent: those the cleaned truth has. */
  readonly classes?: readonly string[];
}

/**
 * Groups truth and predictions by class. Unless `classes` are given the truth is cleaned as OpenTAD does: instances
 * that do not end after they start go, then those whose ends are both within 0.001 s of an instance of the same class
 * and video that was kept before them.
 *
 * @throws UserError `no-truth` where nothing is left to find
 */
export function groupByClass(
  truth: DetectionTable,
  predictions: PredictionTable,
  options: GroupOptions = {},
): ClassRows {
  const rename = options.rename ?? ((label: string) => label);
  const truthNames = truth.labels.map(rename);
  const names = [...new Set(options.classes ?? truthNames)];
  const indexOf = new Map(names.map((name, index) => [name, index]));
  const nameOf = Int32Array.from(truthNames, (name) => indexOf.get(name) ?? -1);

  const all = Int32Array.from(truth.label, (_, row) => row);
  const byVideo = countingSort(all, (row) => truth.video[row], truth.videos.length).rows;
  const byName = countingSort(byVideo, (row) => nameOf[truth.label[row]], names.length);
  const kept = options.classes ? byName.rows : cleaned(truth, byName);
  if (kept.length === 0) {
    throw new UserError('no-truth', `${truth.source} holds no instance to score against; is the subset right?`);
  }

  // A map from names to ranks, in order of first appearance in the file.
  const present = new Set(kept.toSorted().map((row) => nameOf[truth.label[row]]));
  const classes = options.classes ? names : [...present].map((name) => names[name]);
  const rankOf = new Map(classes.map((name, rank) => [name, rank]));
  const truthRank = Int32Array.from(truthNames, (name) => rankOf.get(name) ?? -1);
  const instances = countingSort(kept, (row) => truthRank[truth.label[row]], classes.length);

  const rank = Int32Array.from(predictions.labels, (label) => rankOf.get(rename(label)) ?? -1);
  const predicted = countingSort(
    undefined,
    (row) => rank[predictions.label[row]],
    classes.length,
    predictions.label.length,
  );
  return {
    classes,
    ...joinVideos(truth, predictions),
    truthFrom: instances.from,
    truthVideo: instances.rows.map((row) => truth.video[row]),
    truthStart: Float64Array.from(instances.rows, (row) => truth.start[row]),
    truthEnd: Float64Array.from(instances.rows, (row) => truth.end[row]),
    from: predicted.from,
    rows: predicted.rows,
    start: predictions.start,
    end: predictions.end,
    score: predictions.score,
    ignored: predictions.label.length - predicted.rows.length,
  };
}

// ---- below: internals ----

/** Both ends of duplicates are within this. */
const duplicateSeconds = 0.001;

interface Sorted {
  /** Where each key's rows begin, and last where they end. */
  readonly from: Int32Array;
  readonly rows: Int32Array;
}

/** Rows by key, order kept among equals; those with a key below 0 are left out. Without `rows`: 0 up to `count`. */
function countingSort(
  rows: Int32Array | undefined,
  key: (row: number) => number,
  keys: number,
  count = rows?.length ?? 0,
): Sorted {
  const from = new Int32Array(keys + 1);
  for (let i = 0; i < count; i++) {
    const k = key(rows ? rows[i] : i);
    if (k >= 0) from[k + 1] += 1;
  }
  for (let k = 0; k < keys; k++) from[k + 1] += from[k];
  const next = from.slice();
  const sorted = new Int32Array(from[keys]);
  for (let i = 0; i < count; i++) {
    const row = rows ? rows[i] : i;
    const k = key(row);
    if (k >= 0) sorted[next[k]++] = row;
  }
  return { from, rows: sorted };
}

/** The rows that are neither empty nor duplicates. `from` divides them by name; by video they are sorted. */
function cleaned({ video, start, end }: DetectionTable, { from, rows }: Sorted): Int32Array {
  const kept = new Int32Array(rows.length);
  let count = 0;
  for (let name = 0; name + 1 < from.length; name++) {
    let first = count;
    for (let i = from[name]; i < from[name + 1]; i++) {
      const row = rows[i];
      if (end[row] - start[row] <= 0) continue;
      if (count > first && video[kept[first]] !== video[row]) first = count;
      const isDuplicate = (other: number) =>
        Math.abs(start[row] - start[other]) <= duplicateSeconds && Math.abs(end[row] - end[other]) <= duplicateSeconds;
      if (!kept.subarray(first, count).some(isDuplicate)) kept[count++] = row;
    }
  }
  return kept.subarray(0, count);
}

/** Counts the videos of predictions on from those of the truth. */
function joinVideos(truth: DetectionTable, predictions: PredictionTable): { videos: number; video: Int32Array } {
  const indexOf = new Map(truth.videos.map((id, index) => [id, index]));
  for (const id of predictions.videos) if (!indexOf.has(id)) indexOf.set(id, indexOf.size);
  const joined = Int32Array.from(predictions.videos, (id) => indexOf.get(id) as number);
  return { videos: indexOf.size, video: predictions.video.map((video) => joined[video]) };
}
