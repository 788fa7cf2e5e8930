export type { ClassMeasures } from './confusion.ts';
export {
  evaluateRecognition,
  type RecognitionEvaluation,
  type RecognitionLevel,
  type RecognitionOptions,
} from './evaluateRecognition.ts';
export { type Predictions, predictionsFor } from './predictions.ts';
export type { ChallengeYear } from './predictionTable.ts';
export { readScores } from './readScores.ts';
export type { Rankings, Scores, ScoreTable } from './scores.ts';
