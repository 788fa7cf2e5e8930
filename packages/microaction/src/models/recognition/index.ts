export type { CommonOptions } from './commonOptions.ts';
export { FrameRecogniser, type FrameRecogniserOptions } from './frameRecogniser.ts';
export { makeRecogniser, type RecogniserOptions } from './makeRecogniser.ts';
export type { Recognised, Recogniser } from './recogniser.ts';
