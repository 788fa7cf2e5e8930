// Emotion from the micro-actions of a video: features, a classifier, its evaluation. No files, any platform.
export type { ClassWeights } from './classifier.ts';
export {
  type EmotionModel,
  noDiagnosis,
  parseEmotionModel,
  type TrainOptions,
  taxonomyOfModel,
  trainEmotion,
} from './emotionModel.ts';
export { type EmotionSamples, emotionSamples } from './emotionSamples.ts';
export { type EmotionLabel, readEmotions } from './emotionTable.ts';
export {
  type EmotionEvaluation,
  type EmotionMeasure,
  type EvaluateEmotionOptions,
  evaluateEmotion,
  type HeldOutPrediction,
} from './evaluateEmotion.ts';
export { type FeatureSettings, type FeatureTable, featureTable } from './featureTable.ts';
export { type LabelledClips, labelledClips } from './labelledClips.ts';
export { type EmotionPrediction, predictEmotion, type Reason } from './predictEmotion.ts';
export { type FeatureGroup, featureGroups, featureNames, videoFeatures } from './videoFeatures.ts';
