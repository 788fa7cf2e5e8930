import { UsageError, UserError } from '../../errors.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { bodyPartNames } from '../bodyPartNames.ts';
import type { DetectionTable, PredictionTable } from '../detection/detectionTable.ts';
import type { Ties } from '../sorting/descendingOrder.ts';
import { type Calibration, calibration } from './calibration.ts';
import {
  type Buckets,
  type ByCharacteristic,
  bucketInstances,
  byCharacteristic,
  characteristicNames,
  checkBuckets,
  paperBuckets,
} from './characteristics.ts';
import { type Concurrency, concurrency } from './concurrency.ts';
import { type Confusions, confusions } from './confusions.ts';
import { type FalseNegatives, falseNegatives, findInstances } from './falseNegatives.ts';
import { type FalsePositives, falsePositives, typePredictions } from './falsePositives.ts';
import { joinTables, levelOf, type Scene } from './level.ts';
import { byScore, matchPredictions } from './matching.ts';
import { type Sensitivity, sensitivity } from './sensitivity.ts';
import { type WorstVideo, worstVideos } from './worstVideos.ts';

export interface DiagnosisOptions {
  /** Temporal IoU thresholds in (0, 1]; [0.5], the paper's, when absent. */
  readonly tiou?: readonly number[];
  /** Buckets by characteristic; the paper's where absent. */
  readonly buckets?: Partial<ByCharacteristic<Buckets>>;
  /** Groups of the false positive profile, top-1G to top-10G when absent. */
  readonly groups?: number;
  /** Temporal IoU from which on an unmatched prediction is more than background. Default 0.1. */
  readonly minTiou?: number;
  /** Normalised precision up to which a match does not count against false negatives. Default 0.05. */
  readonly minPrecision?: number;
  /** How equal scores are ranked; `numpy` when absent, as the reference does. */
  readonly ties?: Ties;
  /** Bins of the reliability diagram. Default 10. */
  readonly calibrationBins?: number;
  /** How many of the worst videos to list. Default 20. */
  readonly worstVideos?: number;
}

/** What a detector gets wrong. Plain data; fractions, not percent; mAP_N is mAP with normalised precision. */
export interface Diagnosis {
  readonly tiou: readonly number[];
  readonly action: LevelDiagnosis;
  /** Labels mapped to body parts, then diagnosed. */
  readonly body: LevelDiagnosis;
  /** Time it took. */
  readonly seconds: number;
}

export interface LevelDiagnosis {
  /** Classes of the truth, in order of first appearance. */
  readonly classes: readonly string[];
  readonly counts: DiagnosisCounts;
  /** Of the best predictions of each class: what they are. */
  readonly falsePositives: FalsePositives;
  /** Of the instances: which are missed. */
  readonly falseNegatives: FalseNegatives;
  /** Of all predictions: on which instances they are better or worse. */
  readonly sensitivity: Sensitivity;
  readonly confusions: Confusions;
  readonly concurrency: Concurrency;
  readonly calibration: Calibration;
  readonly worstVideos: readonly WorstVideo[];
}

export interface DiagnosisCounts {
  readonly videos: number;
  /** Instances diagnosed. */
  readonly instances: number;
  /** Left out: they end where they start, or before, or are longer than their video. */
  readonly instancesLeftOut: number;
  /** Predictions diagnosed. */
  readonly predictions: number;
  /** Left out, since their class has no instance; the reference raises. */
  readonly predictionsLeftOut: number;
  /** Mean number of instances a class: the N of normalised precision. */
  readonly instancesPerClass: number;
}

/**
 * Diagnoses a temporal detector as DETAD does (Alwassel et al. 2018), to its digits, at action and body level, and
 * beyond it: confused pairs, misses beside concurrent actions, calibration, the worst videos. DETAD's N is instances
 * kept / classes, its truth is not freed of duplicates. Where it raises, this does not: predictions of a class
 * without instances are left out and counted, and a class without predictions has precision 0 everywhere. A video of
 * unknown duration has no coverage: its instances are in no bucket of that characteristic. A class all of whose
 * instances are left out has precision 0.
 *
 * @throws UsageError where an option makes no sense; UserError `no-truth` where there is nothing to find
 */
export function diagnose(
  truth: DetectionTable,
  predictions: PredictionTable,
  taxonomy: Taxonomy,
  options: DiagnosisOptions = {},
): Diagnosis {
  const begin = performance.now();
  const { tiou } = rulesOf(options);
  const scene = sceneOf(truth, predictions);
  const action = diagnoseLevel(scene, taxonomy, 'action', options);
  const body = diagnoseLevel(scene, taxonomy, 'body', options);
  return { tiou, action, body, seconds: (performance.now() - begin) / 1000 };
}

/** Truth and predictions joined. @throws UserError `no-truth` */
export function sceneOf(truth: DetectionTable, predictions: PredictionTable): Scene {
  const scene = joinTables(truth, predictions);
  if (scene.kept.includes(1)) return scene;
  throw new UserError('no-truth', `${truth.source} holds no instance to diagnose against; is the subset right?`);
}

/** One level of `diagnose`. @throws UsageError */
export function diagnoseLevel(
  scene: Scene,
  taxonomy: Taxonomy,
  name: 'action' | 'body',
  options: DiagnosisOptions,
): LevelDiagnosis {
  const rules = rulesOf(options);
  const level = levelOf(scene, name === 'body' ? bodyPartNames(taxonomy) : (label) => label);
  const { classes, instancesPerClass } = level;
  const { tiou, ties } = rules;
  const characteristics = byCharacteristic((of) => bucketInstances(level, of, rules.buckets[of]));
  const typed = typePredictions(level, rules);
  const orders = level.rows.map((rows) => byScore(level, rows, ties));
  const matches = matchPredictions(level, orders, tiou, ties);
  const found = findInstances(level, orders, matches, rules.minPrecision);
  const instances = level.instances.reduce((sum, count) => sum + count, 0);
  const diagnosed = level.rows.reduce((sum, rows) => sum + rows.length, 0);
  return {
    classes,
    counts: {
      videos: scene.truth.videos.length,
      instances,
      instancesLeftOut: scene.kept.length - instances,
      predictions: diagnosed,
      predictionsLeftOut: scene.videoOf.length - diagnosed,
      instancesPerClass,
    },
    falsePositives: falsePositives(level, typed, rules.groups),
    falseNegatives: falseNegatives(level, found, characteristics),
    sensitivity: sensitivity(level, orders, matches, characteristics, ties),
    confusions: confusions(level, typed),
    concurrency: concurrency(level, found.found),
    calibration: calibration(level, matches, rules.calibrationBins),
    worstVideos: worstVideos(level, typed, found.found, rules.worstVideos),
  };
}

/** Options with nothing left open. */
export type DiagnosisRules = Required<Omit<DiagnosisOptions, 'buckets'>> & { buckets: ByCharacteristic<Buckets> };

/** @throws UsageError where an option makes no sense */
export function rulesOf(options: DiagnosisOptions): DiagnosisRules {
  const rules = {
    tiou: [0.5],
    groups: 10,
    minTiou: 0.1,
    minPrecision: 0.05,
    ties: 'numpy' as const,
    calibrationBins: 10,
    worstVideos: 20,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
    buckets: { ...paperBuckets, ...options.buckets },
  };
  const wrong = rules.tiou.find((threshold) => !(threshold > 0 && threshold <= 1));
  if (rules.tiou.length === 0) throw new UsageError('diagnose: tiou is empty, expected at least one threshold.');
  if (wrong !== undefined) throw new UsageError(`diagnose: found the tiou ${wrong}, expected above 0 and at most 1.`);
  for (const name of ['groups', 'calibrationBins'] as const) {
    const value = rules[name];
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new UsageError(`diagnose: found ${value} for ${name}, expected a whole number from 1.`);
    }
  }
  for (const name of characteristicNames) checkBuckets(name, rules.buckets[name]);
  return rules;
}
