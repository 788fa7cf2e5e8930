// The door for browsers: WebCodecs, and networks on the processor or the graphics card.
export { detectWithModel, type ModelRunOptions } from './inference/model/detectWithModel.ts';
export { openOnnxDetector } from './inference/model/onnxDetector.ts';
export type { WindowDetector } from './inference/model/windowDetector.ts';
export { openVideo } from './video/web.ts';
