import { errorTypes, type TypedPredictions } from './falsePositives.ts';
import type { Level } from './level.ts';

/** Which classes are taken for which: the wrong labels and confusions of the false positive profile. */
export interface Confusions {
  /** `matrix[t][p]`: predictions of class p nearest to an instance of class t; both count by `classes`. */
  readonly matrix: readonly (readonly number[])[];
  /** The same without zeros, most frequent first. */
  readonly pairs: readonly ConfusedPair[];
}

/** Numbers of predictions, mean over thresholds. */
export interface ConfusedPair {
  readonly truth: string;
  readonly predicted: string;
  readonly wrongLabel: number;
  readonly confusion: number;
}

export function confusions(level: Level, { orders, types }: TypedPredictions): Confusions {
  const { scene, classes, truthClass } = level;
  const wrongLabel = new Int32Array(classes.length ** 2);
  const confusion = new Int32Array(classes.length ** 2);
  for (const type of types) {
    orders.forEach((order, p) => {
      for (const row of order) {
        const counts = type[row] === wrongLabelType ? wrongLabel : type[row] === confusionType ? confusion : undefined;
        if (counts) counts[truthClass[scene.closest[row]] * classes.length + p] += 1;
      }
    });
  }
  const share = (counts: Int32Array, t: number, p: number) => counts[t * classes.length + p] / types.length;
  const matrix = classes.map((_, t) => classes.map((_, p) => share(wrongLabel, t, p) + share(confusion, t, p)));
  const pairs = matrix.flatMap((row, t) => row.flatMap((count, p) => (count > 0 ? [{ t, p, count }] : [])));
  pairs.sort((a, b) => b.count - a.count || a.t - b.t || a.p - b.p);
  return {
    matrix,
    pairs: pairs.map(({ t, p }) => ({
      truth: classes[t],
      predicted: classes[p],
      wrongLabel: share(wrongLabel, t, p),
      confusion: share(confusion, t, p),
    })),
  };
}

// ---- below: internals ----

const wrongLabelType = errorTypes.indexOf('wrongLabel');
const confusionType = errorTypes.indexOf('confusion');
