import type { DetectionTable, PredictionTable } from '../detection/detectionTable.ts';
import { temporalIou } from '../detection/matchClass.ts';

/** Truth and predictions joined by video: what both levels share. Rows are those of the tables. */
export interface Scene {
  readonly truth: DetectionTable;
  readonly predictions: PredictionTable;
  /** Videos of the truth, then those that only the predictions have. */
  readonly videos: readonly string[];
  /** By prediction: its video in `videos`. */
  readonly videoOf: Int32Array;
  /** Truth rows of video v, in file order: `truthRows[firstTruth[v]]` up to `truthRows[firstTruth[v + 1]]`. */
  readonly firstTruth: Int32Array;
  readonly truthRows: Int32Array;
  /** By truth row: length / duration of the video; NaN where that is unknown. */
  readonly coverage: Float64Array;
  /** By truth row: 1 unless it is empty or longer than its video; such instances are left out, as DETAD does. */
  readonly kept: Uint8Array;
  /** By prediction: the instance of any class that it overlaps most, the first of equals; -1 where there is none. */
  readonly closest: Int32Array;
  /** By prediction: temporal IoU with `closest`. */
  readonly closestTiou: Float64Array;
}

/** The classes of one level. */
export interface Level {
  readonly scene: Scene;
  /** Classes of the truth in order of first appearance, those of left-out instances included. */
  readonly classes: readonly string[];
  /** By truth row. */
  readonly truthClass: Int32Array;
  /** By prediction; -1 for a class that the truth does not have. */
  readonly predictionClass: Int32Array;
  /** By class: kept instances. */
  readonly instances: Int32Array;
  /** By class: rows of its predictions in file order. */
  readonly rows: readonly Int32Array[];
  /** Kept instances / classes: the N of normalised precision. */
  readonly instancesPerClass: number;
}

export function joinTables(truth: DetectionTable, predictions: PredictionTable): Scene {
  const videos = [...truth.videos];
  const indexOf = new Map(videos.map((id, index) => [id, index]));
  const joined = Int32Array.from(predictions.videos, (id) => indexOf.get(id) ?? videos.push(id) - 1);
  const videoOf = predictions.video.map((video) => joined[video]);
  const { first, rows } = groupRows(truth.video, videos.length);
  const coverage = Float64Array.from(
    truth.start,
    (start, row) => (truth.end[row] - start) / truth.durations[truth.video[row]],
  );
  const kept = Uint8Array.from(coverage, (share, row) => (share > 1 || truth.start[row] >= truth.end[row] ? 0 : 1));
  const scene = { truth, predictions, videos, videoOf, firstTruth: first, truthRows: rows, coverage, kept };
  return { ...scene, ...findClosest(scene) };
}

export function levelOf(scene: Scene, rename: (label: string) => string): Level {
  const { truth, predictions, kept } = scene;
  const classes: string[] = [];
  const indexOf = new Map<string, number>();
  const truthLabels = truth.labels.map((label) => {
    const name = rename(label);
    if (!indexOf.has(name)) indexOf.set(name, classes.push(name) - 1);
    return indexOf.get(name)!;
  });
  const truthClass = truth.label.map((label) => truthLabels[label]);
  const predictionLabels = predictions.labels.map((label) => indexOf.get(rename(label)) ?? -1);
  const predictionClass = predictions.label.map((label) => predictionLabels[label]);
  const instances = new Int32Array(classes.length);
  let total = 0;
  for (let row = 0; row < truthClass.length; row++) {
    instances[truthClass[row]] += kept[row];
    total += kept[row];
  }
  const { first, rows } = groupRows(predictionClass, classes.length);
  return {
    scene,
    classes,
    truthClass,
    predictionClass,
    instances,
    rows: classes.map((_, c) => rows.subarray(first[c], first[c + 1])),
    instancesPerClass: total / classes.length,
  };
}

/** Rows by key, in order among equals; negative keys are left out. */
export function groupRows(keys: Int32Array, count: number): { first: Int32Array; rows: Int32Array } {
  const first = new Int32Array(count + 1);
  for (const key of keys) if (key >= 0) first[key + 1] += 1;
  for (let key = 0; key < count; key++) first[key + 1] += first[key];
  const next = first.slice();
  const rows = new Int32Array(first[count]);
  for (let row = 0; row < keys.length; row++) if (keys[row] >= 0) rows[next[keys[row]]++] = row;
  return { first, rows };
}

// ---- below: internals ----

function findClosest(scene: Omit<Scene, 'closest' | 'closestTiou'>): Pick<Scene, 'closest' | 'closestTiou'> {
  const { truth, predictions, videoOf, firstTruth, truthRows, kept } = scene;
  const closest = new Int32Array(videoOf.length).fill(-1);
  const closestTiou = new Float64Array(videoOf.length);
  for (let row = 0; row < videoOf.length; row++) {
    const [start, end, video] = [predictions.start[row], predictions.end[row], videoOf[row]];
    for (let i = firstTruth[video]; i < firstTruth[video + 1]; i++) {
      const g = truthRows[i];
      if (kept[g] === 0) continue;
      const tiou = temporalIou(truth.start[g], truth.end[g], start, end, 'clip');
      if (closest[row] >= 0 && tiou <= closestTiou[row]) continue;
      closest[row] = g;
      closestTiou[row] = tiou;
    }
  }
  return { closest, closestTiou };
}
