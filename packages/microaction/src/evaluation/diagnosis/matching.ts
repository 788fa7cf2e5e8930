import { temporalIou } from '../detection/matchClass.ts';
import { descendingOrder, type Ties } from '../sorting/descendingOrder.ts';
import { numpyArgsort } from '../sorting/numpyArgsort.ts';
import type { Level } from './level.ts';

/** By threshold, by prediction: the truth row it is matched to, or -1. */
export type Matches = readonly Int32Array[];

/**
 * Matches the predictions of each class, in the order given, to its instances: each takes the instance with the
 * largest temporal IoU (of equals, the later in the file) that reaches the threshold and is still free. Thresholds
 * are independent.
 */
export function matchPredictions(
  level: Level,
  orders: readonly Int32Array[],
  tiou: readonly number[],
  ties: Ties,
): Matches {
  const { scene, truthClass } = level;
  const { truth, predictions, videoOf, firstTruth, truthRows, kept, closestTiou } = scene;
  const matches = tiou.map(() => new Int32Array(videoOf.length).fill(-1));
  const taken = tiou.map(() => new Uint8Array(truthClass.length));
  const lowest = Math.min(...tiou);
  const alike: number[] = [];
  const overlaps: number[] = [];
  orders.forEach((order, c) => {
    for (const row of order) {
      if (closestTiou[row] < lowest) continue;
      const [start, end, video] = [predictions.start[row], predictions.end[row], videoOf[row]];
      alike.length = overlaps.length = 0;
      for (let i = firstTruth[video]; i < firstTruth[video + 1]; i++) {
        const g = truthRows[i];
        if (truthClass[g] !== c || kept[g] === 0) continue;
        alike.push(g);
        overlaps.push(temporalIou(truth.start[g], truth.end[g], start, end, 'clip'));
      }
      const best = alike.length > 1 ? decreasing(overlaps, ties) : onlyFirst;
      for (let t = 0; t < tiou.length; t++) {
        for (let k = 0; k < alike.length && overlaps[best[k]] >= tiou[t]; k++) {
          const g = alike[best[k]];
          if (taken[t][g] === 1) continue;
          taken[t][g] = 1;
          matches[t][row] = g;
          break;
        }
      }
    }
  });
  return matches;
}

/** Rows by decreasing score, as `values.argsort()[::-1]` ranks them. */
export function byScore(level: Level, rows: Int32Array, ties: Ties): Int32Array {
  const scores = scoresOf(level, rows);
  return descendingOrder(scores, ties).map((i) => rows[i]);
}

/** Rows by decreasing score, as pandas' `sort_values(ascending=False)` ranks them: it reverses, sorts and reverses. */
export function byScoreAsPandas(level: Level, rows: Int32Array, ties: Ties): Int32Array {
  if (ties === 'stable') return byScore(level, rows, ties);
  const last = rows.length - 1;
  return numpyArgsort(scoresOf(level, rows).reverse())
    .reverse()
    .map((i) => rows[last - i]);
}

// ---- below: internals ----

const onlyFirst = [0];

function scoresOf({ scene }: Level, rows: Int32Array): Float64Array {
  const scores = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) scores[i] = scene.predictions.score[rows[i]];
  return scores;
}

/** Positions by decreasing value; of equals the later first, which is numpy's order up to 16 values. */
function decreasing(values: readonly number[], ties: Ties): ArrayLike<number> {
  if (values.length > 16 && ties === 'numpy') return numpyArgsort(Float64Array.from(values)).reverse();
  return Array.from(values.keys()).sort((a, b) => values[b] - values[a] || b - a);
}
