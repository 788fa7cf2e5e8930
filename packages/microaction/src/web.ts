// The door for browsers: WebCodecs, and networks on the processor or the graphics card.
export { detectWithModel, type ModelRunOptions } from './inference/model/detectWithModel.ts';
export { openOnnxDetector } from './inference/model/onnxDetector.ts';
export type { WindowDetector } from './inference/model/windowDetector.ts';
export type { ClipRecogniser } from './inference/recognition/clipRecogniser.ts';
export { detectWithRecogniser, type SlidingRecognitionOptions } from './inference/recognition/detectWithRecogniser.ts';
export { openOnnxRecogniser } from './inference/recognition/onnxRecogniser.ts';
export { type RecognisedClip, type RecognitionOptions, recogniseClip } from './inference/recognition/recogniseClip.ts';
export { openVideo } from './video/web.ts';
