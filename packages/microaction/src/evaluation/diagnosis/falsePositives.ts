import type { Ties } from '../sorting/descendingOrder.ts';
import type { Level } from './level.ts';
import { byScore, byScoreAsPandas, type Matches, matchPredictions } from './matching.ts';
import { mean } from './mean.ts';
import { averageNormalisedPrecision, hitsOf, type NormalisedMap, normalisedMap } from './normalisedPrecision.ts';

/**
 * What a prediction is, told by the instance of any class it overlaps most. At least the threshold: a double
 * detection of the same class or a wrong label. At least `minTiou`: badly localised, or a confusion with another
 * class. Else background.
 */
export const errorTypes = [
  'truePositive',
  'doubleDetection',
  'wrongLabel',
  'localization',
  'confusion',
  'background',
] as const;
export type ErrorType = (typeof errorTypes)[number];

export type ErrorCounts = Readonly<Record<ErrorType, number>>;

export interface FalsePositives extends NormalisedMap {
  /** Predictions looked at: of each class the best `groups` times its number of instances. */
  readonly predictions: number;
  /** By threshold. */
  readonly counts: readonly ErrorCounts[];
  /** Shares of the predictions, mean over thresholds. */
  readonly fractions: ErrorCounts;
  /** What the average mAP_N gains when all predictions of a type are taken out. */
  readonly gain: Readonly<Record<Exclude<ErrorType, 'truePositive'>, number>>;
  /** Group kG: of each class with n instances the predictions ranked (k-1)·n to k·n. */
  readonly profile: readonly ErrorGroup[];
}

export interface ErrorGroup {
  readonly group: string;
  readonly predictions: number;
  /** By threshold. */
  readonly counts: readonly ErrorCounts[];
  /** Mean over thresholds; null where no class has predictions left. */
  readonly fractions: ErrorCounts | null;
}

/** The predictions that the profile looks at and what each is. */
export interface TypedPredictions {
  /** By class: rows by decreasing score. */
  readonly orders: readonly Int32Array[];
  /** By class: rows in the order in which the groups take them. */
  readonly ranked: readonly Int32Array[];
  readonly matches: Matches;
  /** By threshold, by prediction: index into `errorTypes`; of those in `orders` only. */
  readonly types: readonly Uint8Array[];
}

export interface ErrorRules {
  readonly tiou: readonly number[];
  readonly minTiou: number;
  /** How many times its instances of each class's predictions are looked at. */
  readonly groups: number;
  readonly ties: Ties;
}

export function typePredictions(level: Level, rules: ErrorRules): TypedPredictions {
  const limited = level.rows.map((rows, c) => limit(level, rows, rules.groups * level.instances[c], rules.ties));
  const orders = limited.map((rows) => byScore(level, rows, rules.ties));
  const matches = matchPredictions(level, orders, rules.tiou, rules.ties);
  const types = rules.tiou.map((threshold, t) => typesAt(level, orders, matches[t], threshold, rules.minTiou));
  return { orders, ranked: rankAll(level, limited, rules.ties), matches, types };
}

export function falsePositives(level: Level, typed: TypedPredictions, groups: number): FalsePositives {
  const { orders, ranked, matches, types } = typed;
  const base = normalisedMap(
    level,
    orders.map((order) => matches.map((matched) => hitsOf(order, matched))),
  );
  const all = countGroup(ranked, types, () => [0, Number.POSITIVE_INFINITY]);
  return {
    ...base,
    predictions: all.predictions,
    counts: all.counts,
    fractions: all.fractions ?? named(() => 0),
    gain: gains(level, typed, base.average),
    profile: Array.from({ length: groups }, (_, g) => ({
      group: `${g + 1}G`,
      ...countGroup(ranked, types, (c) => [g * level.instances[c], (g + 1) * level.instances[c]]),
    })),
  };
}

// ---- below: internals ----

/** The best `most` predictions of a class, in the order in which the reference holds them. */
function limit(level: Level, rows: Int32Array, most: number, ties: Ties): Int32Array {
  // pandas' nlargest: stable if it takes some, `sort_values` if it takes all.
  return rows.length > most ? byScore(level, rows, 'stable').subarray(0, most) : byScoreAsPandas(level, rows, ties);
}

/** All limited predictions sorted at once, then by class again: so the reference ranks equal scores in its groups. */
function rankAll(level: Level, limited: readonly Int32Array[], ties: Ties): Int32Array[] {
  const all = new Int32Array(limited.reduce((sum, rows) => sum + rows.length, 0));
  let at = 0;
  for (const rows of limited) {
    all.set(rows, at);
    at += rows.length;
  }
  const ranked = limited.map((rows) => new Int32Array(rows.length));
  const filled = new Int32Array(limited.length);
  for (const row of byScoreAsPandas(level, all, ties)) {
    const c = level.predictionClass[row];
    ranked[c][filled[c]++] = row;
  }
  return ranked;
}

function typesAt(
  { scene, truthClass, predictionClass }: Level,
  orders: readonly Int32Array[],
  matched: Int32Array,
  threshold: number,
  minTiou: number,
): Uint8Array {
  const { closest, closestTiou } = scene;
  const types = new Uint8Array(matched.length);
  for (const order of orders) {
    for (const row of order) {
      if (matched[row] >= 0) continue;
      const tiou = closestTiou[row];
      const other = closest[row] >= 0 && truthClass[closest[row]] !== predictionClass[row] ? 1 : 0;
      const reached = closest[row] >= 0 && tiou >= Math.min(minTiou, threshold);
      types[row] = !reached ? 5 : tiou >= threshold ? 1 + other : 3 + other;
    }
  }
  return types;
}

function gains(level: Level, { orders, types }: TypedPredictions, base: number): FalsePositives['gain'] {
  const { instances, instancesPerClass } = level;
  const ap = errorTypes.map(() => [] as number[]);
  orders.forEach((order, c) => {
    for (const type of types) {
      const counts = new Int32Array(errorTypes.length);
      const without = errorTypes.map(() => [] as number[]);
      let wrong = 0;
      for (const row of order) {
        counts[type[row]] += 1;
        if (type[row] !== 0) wrong += 1;
        else for (let e = 1; e < errorTypes.length; e++) without[e].push(wrong - counts[e]);
      }
      for (let e = 1; e < errorTypes.length; e++) {
        ap[e].push(averageNormalisedPrecision(without[e], without[e].length, instances[c], instancesPerClass));
      }
    }
  });
  const { truePositive: _, ...gain } = named((e) => (e === 0 ? 0 : mean(ap[e]) - base));
  return gain;
}

function countGroup(
  ranked: readonly Int32Array[],
  types: readonly Uint8Array[],
  range: (c: number) => [from: number, to: number],
): Omit<ErrorGroup, 'group'> {
  const members = ranked.map((rows, c) => rows.subarray(...range(c)));
  const predictions = members.reduce((sum, rows) => sum + rows.length, 0);
  const counts = types.map((type) => {
    const count = new Int32Array(errorTypes.length);
    for (const rows of members) for (const row of rows) count[type[row]] += 1;
    return named((e) => count[e]);
  });
  const fractions =
    predictions === 0 ? null : named((e) => mean(counts.map((count) => count[errorTypes[e]] / predictions)));
  return { predictions, counts, fractions };
}

const named = (value: (e: number) => number): ErrorCounts =>
  Object.fromEntries(errorTypes.map((name, e) => [name, value(e)])) as unknown as ErrorCounts;
