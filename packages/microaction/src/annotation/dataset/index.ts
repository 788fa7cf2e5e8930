// What can be done with a data set as a whole: describe, check, split, merge, filter, cut. No files, any platform.
export type { Concurrency, ConcurrencyLevel } from './concurrency.ts';
export type { Cooccurrence, LabelPair } from './cooccurrence.ts';
export { type Cut, type CutOptions, type CutPlan, planCuts } from './cut.ts';
export { type Defect, type DefectKind, type DefectOptions, defectsOf, type Severity } from './defects.ts';
export type { Durations } from './durations.ts';
export { type Filter, filterDataset } from './filter.ts';
export { type MergeOptions, mergeDatasets } from './merge.ts';
export { parseRawId, type RawId, withSubjectsOfRawIds } from './rawId.ts';
export { type SplitOptions, splitDataset } from './split.ts';
export {
  type ActionStatistics,
  type BodyPartStatistics,
  type DatasetStatistics,
  type LabelStatistics,
  type StatisticsOptions,
  type SubsetStatistics,
  statisticsOf,
} from './statistics.ts';
