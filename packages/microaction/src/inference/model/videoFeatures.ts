import { compile, input, type Program } from 'onnxgrad';
import { freeze } from 'onnxgrad/nn';
import type { VideoDetector } from '../../models/detection/index.ts';
import { ProgramCache } from '../../training/programCache.ts';
import type { DetectionRecipe } from '../../training/recipe.ts';
import type { Video } from '../../video/video.ts';
import type { SnippetModel } from './snippetModel.ts';
import { videoWindows } from './videoWindows.ts';
import { type EngineOptions, filledTo } from './windowDetector.ts';

export interface FeatureRunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Makes features of videos, all of one layout: step x of them stands at frame x · strideFrames + offsetFrames. */
export interface FeatureMaker extends AsyncDisposable {
  readonly channels: number;
  readonly strideFrames: number;
  readonly offsetFrames: number;
  /** [channels, steps] of a video */
  features(video: Video, options?: FeatureRunOptions): Promise<{ steps: number; data: Float32Array<ArrayBuffer> }>;
}

/**
 * Snippet features: each step is of a clip by itself, frame after frame, and stands at its middle. The last clip is the
 * last that fits; a video shorter than a clip is one, its last picture repeated.
 */
export function snippetFeatures(model: SnippetModel, strideFrames: number): FeatureMaker {
  const { channels, clipFrames, sizePixels } = model;
  return {
    channels,
    strideFrames,
    offsetFrames: clipFrames / 2,
    async features(video, { signal, onProgress } = {}) {
      const columns: Float32Array[] = [];
      const windows = videoWindows(video, {
        sizePixels,
        strideFrames: 1,
        length: clipFrames,
        overlap: 1 - strideFrames / clipFrames,
        filledTo: () => clipFrames,
        signal,
        onProgress: (done, total) => onProgress?.({ done, total }),
      });
      for await (const { start, frames } of windows) {
        // The window that would reach beyond the end is moved back: it stands between two steps.
        if (start !== columns.length * strideFrames) continue;
        columns.push((await model.features(frames)).slice());
        signal?.throwIfAborted();
      }
      return { steps: columns.length, data: transposed(columns, channels) };
    },
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  };
}

/**
 * Features as a trained detector's head sees them: one for each frame that is read, made in windows of the recipe's
 * longest, which follow each other without overlap.
 */
export function detectorFeatures(
  model: VideoDetector,
  recipe: DetectionRecipe,
  engine: EngineOptions = {},
): FeatureMaker {
  freeze(model);
  const { sizePixels, frameStride: strideFrames, windowSteps } = recipe.data;
  const { width: channels } = model.backbone.options;
  const programs = new ProgramCache<Program<'features'>>(2);
  const programOf = (length: number) =>
    programs.get(String(length), () => {
      const frames = input('frames', [1, 3, length, sizePixels, sizePixels], 'uint8');
      return compile({ features: model.features(frames) }, engine);
    });
  return {
    channels,
    strideFrames,
    offsetFrames: 0,
    async features(video, { signal, onProgress } = {}) {
      const columns: Float32Array[] = [];
      const windows = videoWindows(video, {
        sizePixels,
        strideFrames,
        length: windowSteps,
        overlap: 0,
        coverEnd: true,
        filledTo: (steps) => filledTo(recipe, steps),
        signal,
        onProgress: (done, total) => onProgress?.({ done, total }),
      });
      for await (const { start, end, length, frames } of windows) {
        const program = await programOf(length);
        const { data } = (await program.run({ frames })).features; // [1, channels, length]
        signal?.throwIfAborted();
        // Of the last window, which is moved back to end with the video, only what is new.
        for (let step = columns.length - start; step < end - start; step++) {
          columns.push(Float32Array.from({ length: channels }, (_, channel) => Number(data[channel * length + step])));
        }
      }
      return { steps: columns.length, data: transposed(columns, channels) };
    },
    [Symbol.asyncDispose]: () => programs[Symbol.asyncDispose](),
  };
}

// ---- below: internals ----

/** Steps of channels → [channels, steps] */
function transposed(columns: readonly Float32Array[], channels: number): Float32Array<ArrayBuffer> {
  const steps = columns.length;
  const data = new Float32Array(channels * steps);
  for (const [step, column] of columns.entries()) {
    for (let channel = 0; channel < channels; channel++) data[channel * steps + step] = column[channel];
  }
  return data;
}
