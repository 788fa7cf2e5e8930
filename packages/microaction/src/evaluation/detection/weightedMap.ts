import type { ClassRows } from './classRows.ts';
import { type MatchRules, matchClass } from './matchClass.ts';

/** What of a class is needed to score it under any weights of the videos. */
export interface MatchedClass {
  /** Video of each instance. */
  readonly truthVideo: Int32Array;
  /** Video of each prediction by rank, up to the last that found an instance. */
  readonly rankVideo: Int32Array;
  readonly predictions: number;
  readonly hits: readonly Int32Array[];
}

/** Matches every class once. */
export function matchedClasses(data: ClassRows, rules: MatchRules): MatchedClass[] {
  return data.classes.map((_, index) => {
    const { hits, order, predictions } = matchClass(data, index, rules);
    const needed = Math.max(0, ...hits.map((ranks) => (ranks.at(-1) ?? -1) + 1));
    return {
      truthVideo: data.truthVideo.subarray(data.truthFrom[index], data.truthFrom[index + 1]),
      rankVideo: order.subarray(0, needed).map((row) => data.video[row]),
      predictions,
      hits,
    };
  });
}

/** mAP by threshold, each video counted `weights` times. With `all`, classes without an instance count as 0 or NaN. */
export function weightedMap(
  classes: readonly MatchedClass[],
  weights: Float64Array,
  { tiou }: MatchRules,
  all: boolean,
): number[] {
  const sums = tiou.map(() => 0);
  let count = 0;
  for (const matched of classes) {
    let instances = 0;
    for (const video of matched.truthVideo) instances += weights[video];
    if (instances === 0 && !all) continue;
    count += 1;
    // As the reference has it for classes that the truth never has.
    const isPredictedOnly = matched.truthVideo.length === 0 && matched.predictions > 0;
    const seen = runningWeight(matched.rankVideo, weights);
    for (let t = 0; t < tiou.length; t++) {
      if (isPredictedOnly) sums[t] = Number.NaN;
      else if (instances > 0) sums[t] += weightedPrecision(matched, t, seen, weights) / instances;
    }
  }
  return sums.map((sum) => sum / count);
}

// ---- below: internals ----

function runningWeight(rankVideo: Int32Array, weights: Float64Array): Float64Array {
  const seen = new Float64Array(rankVideo.length);
  let total = 0;
  for (let rank = 0; rank < rankVideo.length; rank++) {
    total += weights[rankVideo[rank]];
    seen[rank] = total;
  }
  return seen;
}

/** `averagePrecision` times the instances, copies of a prediction standing side by side. */
function weightedPrecision(matched: MatchedClass, t: number, seen: Float64Array, weights: Float64Array): number {
  const { rankVideo } = matched;
  const ranks = matched.hits[t];
  let found = 0;
  for (const rank of ranks) found += weights[rankVideo[rank]];
  let area = 0;
  let best = 0;
  for (let i = ranks.length - 1; i >= 0; i--) {
    const weight = weights[rankVideo[ranks[i]]];
    if (weight === 0) continue;
    best = Math.max(best, found / seen[ranks[i]]);
    area += weight * best;
    found -= weight;
  }
  return area;
}
