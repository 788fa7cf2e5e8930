import type { Initializer } from 'onnxgrad/nn';
import { C3d, type C3dOptions } from './c3d.ts';
import { FrameRecogniser, type FrameRecogniserOptions } from './frameRecogniser.ts';
import { I3d, type I3dOptions } from './i3d.ts';
import type { Recogniser } from './recogniser.ts';
import { SlowFast, type SlowFastOptions } from './slowFast.ts';
import { VideoMaeRecogniser, type VideoMaeRecogniserOptions } from './videoMaeRecogniser.ts';

/** Which recogniser, and its sizes; plain data, as in recipes and checkpoints. */
export type RecogniserOptions =
  | FrameRecogniserOptions
  | C3dOptions
  | I3dOptions
  | SlowFastOptions
  | VideoMaeRecogniserOptions;

export function makeRecogniser(options: RecogniserOptions, init: Initializer): Recogniser {
  switch (options.kind) {
    case 'c3d':
      return new C3d(options, init);
    case 'i3d':
      return new I3d(options, init);
    case 'slowfast':
      return new SlowFast(options, init);
    case 'videomae':
      return new VideoMaeRecogniser(options, init);
    default:
      return new FrameRecogniser(options, init);
  }
}
