export { averagePrecision } from './averagePrecision.ts';
export {
  type BootstrapOptions,
  bootstrapDetectionMap,
  compareDetections,
  type DetectionComparison,
  type DetectionMapIntervals,
  type Difference,
  type Interval,
  type LevelIntervals,
} from './bootstrap.ts';
export {
  type ClassMap,
  type DetectionMap,
  type DetectionMapOptions,
  detectionMap,
  type Level,
  type LevelMap,
  levelMap,
  openTadTiou,
} from './detectionMap.ts';
export {
  type DetectionTable,
  type PredictionOptions,
  type PredictionTable,
  predictionsOfDataset,
  type TruthOptions,
  truthOfDataset,
} from './detectionTable.ts';
export {
  actionConditional,
  type ConditionalMetrics,
  type ConditionalOptions,
  type FrameMap,
  frameAveragePrecision,
  frameMap,
} from './frameMetrics.ts';
export { type FrameOptions, type FrameScores, framesOfSegments } from './frameScores.ts';
export { predictionsOfOpenTad, truthOfOpenTad } from './openTad.ts';
export {
  type AverageRecall,
  type AverageRecallOptions,
  averageRecall,
  type TopRecall,
  type TopRecallOptions,
  topRecall,
} from './recall.ts';
export { parseTiou } from './tiou.ts';
