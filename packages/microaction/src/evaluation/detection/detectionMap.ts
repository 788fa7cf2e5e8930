import { UsageError } from '../../errors.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { bodyPartNames } from '../bodyPartNames.ts';
import type { Ties } from '../sorting/descendingOrder.ts';
import { averagePrecision } from './averagePrecision.ts';
import { type ClassRows, groupByClass } from './classRows.ts';
import type { DetectionTable, PredictionTable } from './detectionTable.ts';
import { type MatchRules, matchClass } from './matchClass.ts';

export interface DetectionMapOptions {
  /** Temporal IoU thresholds in (0, 1]; those of the reference when absent. A prediction at exactly one counts. */
  readonly tiou?: readonly number[];
  /**
   * Whose numbers to give. `opentad` (the paper's): duplicates in the truth are removed, the mean is over the classes
   * that the truth has, thresholds are 0.1, 0.2 ... 0.9. `mac2024` (the evaluator of the challenge's baseline):
   * nothing is removed, 1e-4 is added to the union, the mean is over all classes of the taxonomy, thresholds are
   * those of `numpy.arange(0.1, 1, 0.1)`; a class that is predicted but not in the truth makes the mean NaN.
   */
  readonly reference?: 'opentad' | 'mac2024';
  /** How equal scores are ranked; `numpy` when absent, as the references do. */
  readonly ties?: Ties;
}

/** Detection-mAP of one level; fractions. */
export interface LevelMap {
  /** Mean over classes, by threshold. */
  readonly map: readonly number[];
  /** Mean of `map`. */
  readonly average: number;
  readonly perClass: Readonly<Record<string, ClassMap>>;
  /** Instances scored against, after duplicates were removed. */
  readonly instances: number;
  /** Predictions left out since their class has no place in the mean. */
  readonly ignoredPredictions: number;
}

export interface ClassMap {
  /** Average precision by threshold. */
  readonly ap: readonly number[];
  readonly instances: number;
}

export interface DetectionMap {
  readonly tiou: readonly number[];
  readonly action: LevelMap;
  /** Labels mapped to body parts, then scored. */
  readonly body: LevelMap;
  /** Mean of the two averages: the paper's AVG. */
  readonly average: number;
  readonly counts: { readonly videos: number; readonly instances: number; readonly predictions: number };
  /** Time it took. */
  readonly seconds: number;
}

export type Level = 'action' | 'body';

/**
 * Detection-mAP of predictions at action and body level, to the digits of the Python references. Predictions in
 * videos that the truth does not have count as false positives; those of classes it does not have are left out.
 *
 * @throws UsageError where a threshold makes no sense; UserError `no-truth` where there is nothing to find
 */
export function detectionMap(
  truth: DetectionTable,
  predictions: PredictionTable,
  taxonomy: Taxonomy,
  options: DetectionMapOptions = {},
): DetectionMap {
  const begin = performance.now();
  const action = levelMap(truth, predictions, taxonomy, 'action', options);
  const body = levelMap(truth, predictions, taxonomy, 'body', options);
  return joinLevels(truth, predictions, rulesOf(options).tiou, action, body, begin);
}

/** One level of `detectionMap`. */
export function levelMap(
  truth: DetectionTable,
  predictions: PredictionTable,
  taxonomy: Taxonomy,
  level: Level,
  options: DetectionMapOptions = {},
): LevelMap {
  const rules = rulesOf(options);
  const data = groupLevel(truth, predictions, taxonomy, level, options);
  return meanOverClasses(
    data,
    data.classes.map((_, index) => classPrecision(data, index, rules)),
  );
}

/** Truth and predictions by the classes of a level. */
export function groupLevel(
  truth: DetectionTable,
  predictions: PredictionTable,
  taxonomy: Taxonomy,
  level: Level,
  options: DetectionMapOptions = {},
): ClassRows {
  const rename = level === 'body' ? bodyPartNames(taxonomy) : (label: string) => label;
  const all = options.reference === 'mac2024' ? taxonomy.actions.map(({ name }) => rename(name)) : undefined;
  return groupByClass(truth, predictions, { rename, classes: all });
}

/** The rules of matching that options stand for. @throws UsageError */
export function rulesOf({ tiou, reference = 'opentad', ties = 'numpy' }: DetectionMapOptions): MatchRules {
  const thresholds = tiou ?? (reference === 'opentad' ? openTadTiou : mac2024Tiou);
  const wrong = thresholds.find((threshold) => !(threshold > 0 && threshold <= 1));
  if (wrong !== undefined)
    throw new UsageError(`A temporal IoU threshold must be above 0 and at most 1, found ${wrong}.`);
  if (thresholds.length === 0) throw new UsageError('At least one temporal IoU threshold is needed, found none.');
  return { tiou: thresholds, ties, union: reference === 'opentad' ? 'clip' : 'add' };
}

/** Average precision of a class at each threshold. */
export function classPrecision(data: ClassRows, index: number, rules: MatchRules): number[] {
  const { hits, instances, predictions } = matchClass(data, index, rules);
  if (instances === 0) return rules.tiou.map(() => (predictions === 0 ? 0 : Number.NaN));
  return hits.map((ranks) => averagePrecision(ranks, instances));
}

/** Joins what the classes of a level gave, in their order. */
export function meanOverClasses(data: ClassRows, precisions: readonly (readonly number[])[]): LevelMap {
  const { classes, truthFrom } = data;
  const map = precisions[0].map((_, t) => mean(precisions.map((ap) => ap[t])));
  const perClass = classes.map((name, c) => [name, { ap: precisions[c], instances: truthFrom[c + 1] - truthFrom[c] }]);
  return {
    map,
    average: mean(map),
    perClass: Object.fromEntries(perClass),
    instances: data.truthVideo.length,
    ignoredPredictions: data.ignored,
  };
}

/** Joins the levels. `begin` is a `performance.now()`. */
export function joinLevels(
  truth: DetectionTable,
  predictions: PredictionTable,
  tiou: readonly number[],
  action: LevelMap,
  body: LevelMap,
  begin: number,
): DetectionMap {
  return {
    tiou,
    action,
    body,
    average: (action.average + body.average) / 2,
    counts: { videos: truth.videos.length, instances: action.instances, predictions: predictions.label.length },
    seconds: (performance.now() - begin) / 1000,
  };
}

/** The thresholds of the paper, as the literals they are: some of `numpy.linspace` differ in the last bit. */
export const openTadTiou: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

// ---- below: internals ----

/** `numpy.arange(0.1, 1, 0.1)`, last bits included. */
const mac2024Tiou: readonly number[] = Array.from({ length: 9 }, (_, i) => 0.1 + i * 0.1);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
