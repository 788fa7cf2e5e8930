import { UsageError } from '../../errors.ts';
import { type Random, seededRandom } from '../../random.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { type DetectionMapOptions, groupLevel, type Level, rulesOf } from './detectionMap.ts';
import type { DetectionTable, PredictionTable } from './detectionTable.ts';
import { matchedClasses, weightedMap } from './weightedMap.ts';

export interface BootstrapOptions extends DetectionMapOptions {
  /** How often the videos are drawn anew; 1000 when absent. */
  readonly resamples?: number;
  /** Share of the draws inside an interval; 0.95 when absent. */
  readonly confidence?: number;
  /** The same seed gives the same numbers; 1 when absent. */
  readonly seed?: number;
}

/** A value with what drawing the videos anew makes of it; fractions. */
export interface Interval {
  readonly value: number;
  /** Percentiles of the draws. */
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  /**
   * Mean of the draws less the value. For mAP mostly above 0, since a class of few instances gains when some are drawn
   * twice; where it is near the standard error, the percentiles lie too high by as much.
   */
  readonly bias: number;
}

export interface LevelIntervals {
  /** Mean over classes, by threshold. */
  readonly map: readonly Interval[];
  readonly average: Interval;
}

export interface DetectionMapIntervals {
  readonly tiou: readonly number[];
  readonly action: LevelIntervals;
  readonly body: LevelIntervals;
  readonly average: Interval;
  readonly resamples: number;
  readonly confidence: number;
}

/**
 * Confidence intervals of Detection-mAP by the percentile bootstrap over videos: whole videos are drawn with
 * replacement, with their instances and predictions, and scored again. Matching stays inside a video, so it is done
 * once and draws only weight its outcome; a class none of whose instances is drawn is not in the mean of that draw.
 *
 * @throws UsageError where an option makes no sense; UserError `no-truth`
 */
export function bootstrapDetectionMap(
  truth: DetectionTable,
  predictions: PredictionTable,
  taxonomy: Taxonomy,
  options: BootstrapOptions = {},
): DetectionMapIntervals {
  const { tiou, draws, value } = drawAll(truth, [predictions], taxonomy, options);
  const { resamples, confidence } = drawing(options);
  const interval = (pick: (scores: Scores) => number) =>
    intervalOf(
      pick(value[0]),
      draws.map(([scores]) => pick(scores)),
      confidence,
    );
  const level = (name: Level): LevelIntervals => ({
    map: tiou.map((_, t) => interval((scores) => scores[name][t])),
    average: interval((scores) => mean(scores[name])),
  });
  return {
    tiou,
    action: level('action'),
    body: level('body'),
    average: interval(bothLevels),
    resamples,
    confidence,
  };
}

/** How two prediction files differ in one number; positive where the second is better. */
export interface Difference extends Interval {
  readonly first: number;
  readonly second: number;
  /**
   * Two-sided, of no difference: the share of draws whose difference lies as far from the observed one as that does
   * from zero, the observed one counted in.
   */
  readonly pValue: number;
}

export interface DetectionComparison {
  readonly tiou: readonly number[];
  readonly action: { readonly map: readonly Difference[]; readonly average: Difference };
  readonly body: { readonly map: readonly Difference[]; readonly average: Difference };
  readonly average: Difference;
  readonly resamples: number;
  readonly confidence: number;
}

/**
 * Whether the second predictions are better than the first: a paired bootstrap over videos. Every draw scores both on
 * the same videos, so what makes a video easy or hard for both cancels out.
 *
 * @throws UsageError where an option makes no sense; UserError `no-truth`
 */
export function compareDetections(
  truth: DetectionTable,
  first: PredictionTable,
  second: PredictionTable,
  taxonomy: Taxonomy,
  options: BootstrapOptions = {},
): DetectionComparison {
  const { tiou, draws, value } = drawAll(truth, [first, second], taxonomy, options);
  const { resamples, confidence } = drawing(options);
  const difference = (pick: (scores: Scores) => number): Difference => {
    const [one, other] = value.map(pick);
    const differences = draws.map(([a, b]) => pick(b) - pick(a));
    const observed = other - one;
    // A hair's breadth for rounding, lest equal files seem to differ.
    const asFar = differences.filter((drawn) => Math.abs(drawn - observed) >= Math.abs(observed) - 1e-12).length;
    return {
      first: one,
      second: other,
      ...intervalOf(observed, differences, confidence),
      pValue: (asFar + 1) / (differences.length + 1),
    };
  };
  const level = (name: Level) => ({
    map: tiou.map((_, t) => difference((scores) => scores[name][t])),
    average: difference((scores) => mean(scores[name])),
  });
  return {
    tiou,
    action: level('action'),
    body: level('body'),
    average: difference(bothLevels),
    resamples,
    confidence,
  };
}

// ---- below: internals ----

/** mAP by threshold. */
type Scores = Readonly<Record<Level, readonly number[]>>;

const bothLevels = ({ action, body }: Scores): number => (mean(action) + mean(body)) / 2;

function drawing({ resamples = 1000, confidence = 0.95, seed = 1 }: BootstrapOptions) {
  if (!(Number.isInteger(resamples) && resamples >= 1)) {
    throw new UsageError(`The number of resamples must be a whole number from 1 on, found ${resamples}.`);
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new UsageError(`The confidence must be between 0 and 1, such as 0.95, found ${confidence}.`);
  }
  return { resamples, confidence, seed };
}

/** Scores every file as it is and in each draw. */
function drawAll(
  truth: DetectionTable,
  files: readonly PredictionTable[],
  taxonomy: Taxonomy,
  options: BootstrapOptions,
): { tiou: readonly number[]; value: Scores[]; draws: Scores[][] } {
  const { resamples, seed } = drawing(options);
  const rules = rulesOf(options);
  const videos = [...new Set([truth, ...files].flatMap((table) => table.videos))];
  // All files count videos alike then, also those that the truth does not have.
  const complete = { ...truth, videos };
  const levels = files.map((predictions) => ({
    action: matchedClasses(groupLevel(complete, predictions, taxonomy, 'action', options), rules),
    body: matchedClasses(groupLevel(complete, predictions, taxonomy, 'body', options), rules),
  }));
  const all = options.reference === 'mac2024';
  const score = (weights: Float64Array): Scores[] =>
    levels.map(({ action, body }) => ({
      action: weightedMap(action, weights, rules, all),
      body: weightedMap(body, weights, rules, all),
    }));
  const random = seededRandom(seed);
  const value = score(new Float64Array(videos.length).fill(1));
  const holding = [...new Set(truth.video)];
  const draws = Array.from({ length: resamples }, () => score(drawVideos(videos.length, holding, random)));
  return { tiou: rules.tiou, value, draws };
}

/** How often each video is drawn; at least one of `holding`, which hold instances, is. */
function drawVideos(count: number, holding: readonly number[], random: Random): Float64Array {
  for (;;) {
    const weights = new Float64Array(count);
    for (let i = 0; i < count; i++) weights[Math.floor(random() * count)] += 1;
    if (holding.some((video) => weights[video] > 0)) return weights;
  }
}

function intervalOf(value: number, draws: readonly number[], confidence: number): Interval {
  const sorted = Float64Array.from(draws).sort();
  const tail = (1 - confidence) / 2;
  const center = mean(draws);
  const variance = draws.reduce((sum, draw) => sum + (draw - center) ** 2, 0) / Math.max(1, draws.length - 1);
  return {
    value,
    low: quantile(sorted, tail),
    high: quantile(sorted, 1 - tail),
    standardError: Math.sqrt(variance),
    bias: center - value,
  };
}

/** Between the two nearest, linearly. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
