import type { TypedPredictions } from './falsePositives.ts';
import type { Level } from './level.ts';
import { mean } from './mean.ts';

/** A video and its errors, numbers being means over thresholds. */
export interface WorstVideo {
  readonly video: string;
  readonly instances: number;
  readonly missed: number;
  /** False positives among the top-1G predictions: as many of each class as it has instances in all videos. */
  readonly falsePositives: number;
  /** `missed` + `falsePositives`, by which videos are ranked. */
  readonly errors: number;
}

/** `found` is by threshold, by truth row. Videos without errors are not listed. */
export function worstVideos(
  level: Level,
  { ranked, types }: TypedPredictions,
  found: readonly Uint8Array[],
  most: number,
): WorstVideo[] {
  const { scene, instances } = level;
  const { videos, videoOf, truth, kept } = scene;
  const counts = new Int32Array(videos.length);
  const missed = new Float64Array(videos.length);
  const falsePositives = new Float64Array(videos.length);
  for (let row = 0; row < kept.length; row++) {
    if (kept[row] === 0) continue;
    counts[truth.video[row]] += 1;
    missed[truth.video[row]] += mean(found.map((ofThreshold) => 1 - ofThreshold[row]));
  }
  ranked.forEach((rows, c) => {
    for (const row of rows.subarray(0, instances[c])) {
      falsePositives[videoOf[row]] += mean(types.map((type) => (type[row] === 0 ? 0 : 1)));
    }
  });
  const errors = missed.map((count, v) => count + falsePositives[v]);
  return Array.from(videos.keys())
    .filter((v) => errors[v] > 0)
    .sort((a, b) => errors[b] - errors[a] || a - b)
    .slice(0, most)
    .map((v) => ({
      video: videos[v],
      instances: counts[v],
      missed: missed[v],
      falsePositives: falsePositives[v],
      errors: errors[v],
    }));
}
