import {
  type Bucketed,
  type BucketFields,
  type ByCharacteristic,
  bucketFields,
  byCharacteristic,
} from './characteristics.ts';
import type { Level } from './level.ts';
import type { Matches } from './matching.ts';
import { mean } from './mean.ts';
import { type Hits, type NormalisedMap, normalisedMap, normalisedPrecision } from './normalisedPrecision.ts';

export interface FalseNegatives extends NormalisedMap {
  readonly buckets: ByCharacteristic<readonly MissRate[]>;
}

export interface MissRate extends BucketFields {
  /** Share of all instances. */
  readonly share: number;
  /** Share of the bucket's instances that nothing is matched to, by threshold; null of an empty bucket. */
  readonly rates: readonly number[] | null;
  /** Mean of `rates`. */
  readonly rate: number | null;
}

/** What is found, once predictions of too little precision are disregarded. */
export interface Found {
  readonly map: NormalisedMap;
  /** By threshold, by truth row: 1 where a prediction is matched. */
  readonly found: readonly Uint8Array[];
}

/** A match counts if normalised precision, up to and with it, is above `minPrecision`; else it is a false positive. */
export function findInstances(
  level: Level,
  orders: readonly Int32Array[],
  matches: Matches,
  minPrecision: number,
): Found {
  const { instances, instancesPerClass, truthClass } = level;
  const found = matches.map(() => new Uint8Array(truthClass.length));
  const hits = orders.map((order, c) =>
    matches.map((matched, t): Hits => {
      const falsePositives: number[] = [];
      let before = 0;
      for (let rank = 0; rank < order.length; rank++) {
        const g = matched[order[rank]];
        if (g < 0) continue;
        const precision = normalisedPrecision(before + 1, rank - before, instances[c], instancesPerClass);
        before += 1;
        if (precision <= minPrecision) continue;
        found[t][g] = 1;
        falsePositives.push(rank - falsePositives.length);
      }
      return { falsePositives, allFalsePositives: order.length - falsePositives.length };
    }),
  );
  return { map: normalisedMap(level, hits), found };
}

export function falseNegatives(
  { scene }: Level,
  { map, found }: Found,
  characteristics: ByCharacteristic<Bucketed>,
): FalseNegatives {
  const total = scene.kept.reduce((sum, kept) => sum + kept, 0);
  const ratesOf = (bucketed: Bucketed): MissRate[] =>
    bucketed.buckets.labels.map((_, b) => {
      const count = bucketed.counts[b];
      const rates = found.map((ofThreshold) => {
        let hit = 0;
        for (let g = 0; g < ofThreshold.length; g++) if (bucketed.bucketOf[g] === b) hit += ofThreshold[g];
        return (count - hit) / count;
      });
      const known = count > 0;
      return {
        ...bucketFields(bucketed, b),
        share: count / total,
        rates: known ? rates : null,
        rate: known ? mean(rates) : null,
      };
    });
  return { ...map, buckets: byCharacteristic((name) => ratesOf(characteristics[name])) };
}
