// Figures as plain data, and their SVG: for browsers and Node. PNG and files: renderNode.ts; pages: diagnosisPage.ts.
export { agreementFigure } from './agreementFigure.ts';
export {
  calibrationFigure,
  confusedPairsFigure,
  confusionMatrixFigure,
  diagnosisFigures,
  falseNegativesFigure,
  falsePositivesFigure,
  missedBesideFigure,
  sensitivityFigure,
} from './diagnosisFigures.ts';
export type { Figure, FigureRow } from './figure.ts';
export {
  type PredictedVideo,
  type PredictionsFigureOptions,
  predictionsFigure,
  type VideoFrame,
} from './predictionsFigure.ts';
export { type RenderOptions, renderSvg } from './renderSvg.ts';
export {
  concurrencyFigure,
  cooccurrenceFigure,
  durationsFigure,
  type FigureLevel,
  instancesFigure,
  instancesPerVideoFigure,
  statisticsFigures,
} from './statisticsFigures.ts';
export {
  type BudgetEntry,
  type EthogramVideo,
  ethogramFigure,
  type LabelMatrix,
  sharedTimeFigure,
  timeBudgetFigure,
  transitionsFigure,
} from './timeFigures.ts';
