import type { Ties } from '../sorting/descendingOrder.ts';
import {
  type Bucketed,
  type BucketFields,
  type ByCharacteristic,
  bucketFields,
  byCharacteristic,
} from './characteristics.ts';
import type { Level } from './level.ts';
import { byScoreAsPandas, type Matches } from './matching.ts';
import { mean, meanOrNull } from './mean.ts';
import { averageNormalisedPrecision, hitsOf, type NormalisedMap, normalisedMap } from './normalisedPrecision.ts';

export interface Sensitivity extends NormalisedMap {
  readonly buckets: ByCharacteristic<readonly BucketMap[]>;
  /** The worst and best bucket, divided by the average over all; null where that is 0 or no bucket has instances. */
  readonly relativeChange: ByCharacteristic<{ readonly min: number; readonly max: number } | null>;
}

export interface BucketMap extends BucketFields {
  /** Average mAP_N on the bucket's instances; null of an empty bucket. */
  readonly map: number | null;
}

/**
 * Average mAP_N on the instances of each bucket: over the classes that have some there, with the predictions that
 * are, at every threshold, unmatched or matched into the bucket. A class without any prediction counts as 0; the
 * reference raises.
 */
export function sensitivity(
  level: Level,
  orders: readonly Int32Array[],
  matches: Matches,
  characteristics: ByCharacteristic<Bucketed>,
  ties: Ties,
): Sensitivity {
  const base = normalisedMap(
    level,
    orders.map((order) => matches.map((matched) => hitsOf(order, matched))),
  );
  const candidates = level.rows.map((rows) => everMatched(byScoreAsPandas(level, rows, ties), matches));
  const buckets = byCharacteristic((name) => {
    const maps = bucketMaps(level, candidates, matches, characteristics[name]);
    return maps.map((map, b): BucketMap => ({ ...bucketFields(characteristics[name], b), map }));
  });
  const relativeChange = byCharacteristic((name) => {
    const changes = buckets[name].flatMap(({ map }) => (map === null ? [] : [map / base.average]));
    return base.average === 0 || changes.length === 0 ? null : { min: Math.min(...changes), max: Math.max(...changes) };
  });
  return { ...base, buckets, relativeChange };
}

// ---- below: internals ----

/** The predictions of a class that are matched at some threshold, and how many that never are come before each. */
interface EverMatched {
  readonly rows: readonly number[];
  readonly neverMatchedBefore: readonly number[];
}

function everMatched(order: Int32Array, matches: Matches): EverMatched {
  const rows: number[] = [];
  const neverMatchedBefore: number[] = [];
  for (let rank = 0; rank < order.length; rank++) {
    const row = order[rank];
    if (!matches.some((matched) => matched[row] >= 0)) continue;
    neverMatchedBefore.push(rank - rows.length);
    rows.push(row);
  }
  return { rows, neverMatchedBefore };
}

function bucketMaps(
  level: Level,
  candidates: readonly EverMatched[],
  matches: Matches,
  { bucketOf, counts }: Bucketed,
): (number | null)[] {
  const { classes, truthClass, instancesPerClass } = level;
  const inBucket = classes.map(() => new Int32Array(counts.length));
  for (let g = 0; g < bucketOf.length; g++) if (bucketOf[g] >= 0) inBucket[truthClass[g]][bucketOf[g]] += 1;
  const ap = Array.from(counts, () => [] as number[]);
  candidates.forEach(({ rows, neverMatchedBefore }, c) => {
    const homes = rows.map((row) => homeOf(row, matches, bucketOf));
    const byThreshold = matches.map((matched) => {
      const falsePositives = Array.from(counts, () => [] as number[]);
      const ownMisses = new Int32Array(counts.length);
      for (let i = 0; i < rows.length; i++) {
        const home = homes[i];
        if (home < 0) continue;
        if (matched[rows[i]] >= 0) falsePositives[home].push(neverMatchedBefore[i] + ownMisses[home]);
        else ownMisses[home] += 1;
      }
      return falsePositives.map((list, b) =>
        averageNormalisedPrecision(list, list.length, inBucket[c][b], instancesPerClass),
      );
    });
    for (let b = 0; b < counts.length; b++) {
      if (inBucket[c][b] > 0) ap[b].push(mean(byThreshold.map((ofBuckets) => ofBuckets[b])));
    }
  });
  return ap.map(meanOrNull);
}

/** The one bucket that a prediction is matched into at all thresholds; -1 where there are several or none. */
function homeOf(row: number, matches: Matches, bucketOf: Int32Array): number {
  let home = -2;
  for (const matched of matches) {
    if (matched[row] < 0) continue;
    const bucket = bucketOf[matched[row]];
    if (home !== -2 && home !== bucket) return -1;
    home = bucket;
  }
  return home;
}
