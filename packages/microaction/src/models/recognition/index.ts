export { C3d, type C3dOptions, c3dNormalisation } from './c3d.ts';
export type { CommonOptions } from './commonOptions.ts';
export { FrameRecogniser, type FrameRecogniserOptions } from './frameRecogniser.ts';
export { I3d, type I3dOptions } from './i3d.ts';
export { loadInitialRecogniser, loadRecogniser, type RecogniserWeights } from './loadRecogniser.ts';
export { makeRecogniser, type RecogniserOptions } from './makeRecogniser.ts';
export type { Recognised, Recogniser } from './recogniser.ts';
export { SlowFast, type SlowFastOptions } from './slowFast.ts';
export { type LabelVectors, labelVectors, storedLabelVectors, substituteLabelVectors } from './wordVectors.ts';
