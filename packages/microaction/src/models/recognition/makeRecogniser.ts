import type { Initializer } from 'onnxgrad/nn';
import { FrameRecogniser, type FrameRecogniserOptions } from './frameRecogniser.ts';
import type { Recogniser } from './recogniser.ts';

/** Which recogniser, and its sizes; plain data, as in recipes and checkpoints. */
export type RecogniserOptions = FrameRecogniserOptions;

export function makeRecogniser(options: RecogniserOptions, init: Initializer): Recogniser {
  return new FrameRecogniser(options, init);
}
