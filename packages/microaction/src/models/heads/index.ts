export {
  AnchorFreeHead,
  type AnchorFreeHeadOptions,
  levelLengths,
  type Predictions,
  type Proposed,
} from './anchorFreeHead.ts';
export { type AnchorFreeLosses, type AnchorFreeLossOptions, anchorFreeLosses } from './anchorFreeLoss.ts';
export { type AssignmentOptions, assignTargets, type Targets, type Truth } from './assignment.ts';
export {
  type ClassificationLossOptions,
  classificationLoss,
  effectiveNumberWeights,
  embeddingLoss,
} from './classificationLoss.ts';
export { Classifier, type ClassifierOptions, consensus, hierarchicalLogits } from './classifier.ts';
export { doublingLevels, type PointLevel, type Points, pointCounts, pointsOf } from './points.ts';
