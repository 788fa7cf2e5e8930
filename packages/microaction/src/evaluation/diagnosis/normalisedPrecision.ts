import type { Level } from './level.ts';
import { mean } from './mean.ts';

/** Precision and recall of predictions in one order, at each threshold. Fractions. */
export interface NormalisedMap {
  /** Mean over classes, by threshold. */
  readonly map: readonly number[];
  readonly average: number;
  /** By class, by threshold. */
  readonly apPerClass: Readonly<Record<string, readonly number[]>>;
  /** Mean over classes of the recall of all predictions, by threshold. */
  readonly meanRecall: readonly number[];
  /** Mean over classes of the normalised precision of all predictions, by threshold. */
  readonly meanPrecision: readonly number[];
}

/** False positives before each hit of one class, in order of score. */
export interface Hits {
  readonly falsePositives: readonly number[];
  /** False positives in all. */
  readonly allFalsePositives: number;
}

/**
 * Normalised precision after some hits: R·N / (R·N + false positives), with recall R and the mean number of instances
 * a class N (Hoiem et al. 2012): classes with many instances have no easier game.
 */
export function normalisedPrecision(hits: number, falsePositives: number, instances: number, perClass: number): number {
  const found = (hits / instances) * perClass;
  return found === 0 ? 0 : found / (found + falsePositives);
}

/** Average normalised precision over all points (VOC 2011); 0 where there is nothing to find. */
export function averageNormalisedPrecision(
  falsePositives: ArrayLike<number>,
  hits: number,
  instances: number,
  perClass: number,
): number {
  let area = 0;
  let best = 0;
  for (let k = hits; k > 0; k--) {
    best = Math.max(best, normalisedPrecision(k, falsePositives[k - 1], instances, perClass));
    area += best;
  }
  return instances === 0 ? 0 : area / instances;
}

/** The mean over classes. `hits[c][t]` */
export function normalisedMap(level: Level, hits: readonly (readonly Hits[])[]): NormalisedMap {
  const { classes, instances, instancesPerClass } = level;
  const thresholds = hits[0].map((_, t) => t);
  const byClass = (measure: (h: Hits, c: number) => number) => hits.map((list, c) => list.map((h) => measure(h, c)));
  const overClasses = (values: number[][]) => thresholds.map((t) => mean(values.map((list) => list[t])));
  const ap = byClass(({ falsePositives }, c) =>
    averageNormalisedPrecision(falsePositives, falsePositives.length, instances[c], instancesPerClass),
  );
  const map = overClasses(ap);
  return {
    map,
    average: mean(map),
    apPerClass: Object.fromEntries(classes.map((name, c) => [name, ap[c]])),
    meanRecall: overClasses(
      byClass(({ falsePositives }, c) => (instances[c] === 0 ? 0 : falsePositives.length / instances[c])),
    ),
    meanPrecision: overClasses(
      byClass(({ falsePositives, allFalsePositives }, c) =>
        instances[c] === 0
          ? 0
          : normalisedPrecision(falsePositives.length, allFalsePositives, instances[c], instancesPerClass),
      ),
    ),
  };
}

/** The hits of one class at one threshold. `matched` is by prediction. */
export function hitsOf(order: Int32Array, matched: Int32Array): Hits {
  const falsePositives: number[] = [];
  for (let rank = 0; rank < order.length; rank++) {
    if (matched[order[rank]] >= 0) falsePositives.push(rank - falsePositives.length);
  }
  return { falsePositives, allFalsePositives: order.length - falsePositives.length };
}
