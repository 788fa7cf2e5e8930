export type { Calibration, CalibrationBin } from './calibration.ts';
export {
  type BucketFields,
  type Buckets,
  type CharacteristicName,
  characteristicNames,
  paperBuckets,
} from './characteristics.ts';
export type { Concurrency, Missed, MissedBeside } from './concurrency.ts';
export type { ConfusedPair, Confusions } from './confusions.ts';
export {
  type Diagnosis,
  type DiagnosisCounts,
  type DiagnosisOptions,
  diagnose,
  type LevelDiagnosis,
} from './diagnose.ts';
export type { FalseNegatives, MissRate } from './falseNegatives.ts';
export {
  type ErrorCounts,
  type ErrorGroup,
  type ErrorType,
  errorTypes,
  type FalsePositives,
} from './falsePositives.ts';
export type { NormalisedMap } from './normalisedPrecision.ts';
export type { BucketMap, Sensitivity } from './sensitivity.ts';
export type { WorstVideo } from './worstVideos.ts';
