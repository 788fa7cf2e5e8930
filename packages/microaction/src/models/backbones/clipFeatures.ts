import { cast, constant, divide, GraphError, mean, reshape, resize, subtract, type Tensor, transpose } from 'onnxgrad';
import type { VideoMae, VideoMaeRun } from './videoMae.ts';

/** By how much each channel of a picture is shifted and scaled: (x − mean) / deviation, x from 0 to 255. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /**
   * Whether the mean picture of the clip is taken away as well, so that what does not move is grey; `kept` unless told.
   * No published network wants it: with little data it keeps a new one from learning faces, clothes and rooms by heart.
   */
  readonly still?: 'kept' | 'removed';
}

/** Red, green and blue over ImageNet. */
export const imageNet: Normalisation = { mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] };

/** What moves, at about the strength that pictures have otherwise. */
export const motionOnly = {
  mean: [128, 128, 128],
  deviation: [25, 25, 25],
  still: 'removed',
} satisfies Normalisation;

export interface ClipFeatureOptions extends VideoMaeRun {
  /** How many features a video has; as many as it has frames unless given. */
  readonly steps?: number;
}

/**
 * Features of whole videos, end to end: frames are cut into clips, and these, normalised, go through `clipFeatures`.
 *
 * @param frames - [videos, channels, frames, height, width], 0 to 255, of any type; frames are whole clips
 * @returns [videos, width, steps]
 */
export function videoFeatures(
  backbone: VideoMae,
  frames: Tensor,
  {
    normalisation = imageNet,
    ...options
  }: Omit<ClipFeatureOptions, 'clipsPerVideo'> & { normalisation?: Normalisation } = {},
): Tensor {
  const clips = normalised(clipsOf(frames, backbone.options.clipFrames), normalisation);
  return clipFeatures(backbone, clips, { ...options, clipsPerVideo: clips.shape[0] / frames.shape[0] });
}

/**
 * The tokens of clips averaged over space, those of all clips of a video one behind the other, and interpolated to the steps
 * wanted (OpenTAD's wrapper for AdaTAD, Liu et al. 2024, arXiv 2311.17241).
 *
 * @param clips - [videos · clips, channels, frames, height, width], normalised
 * @returns [videos, width, steps]
 */
export function clipFeatures(backbone: VideoMae, clips: Tensor, { steps, ...run }: ClipFeatureOptions = {}): Tensor {
  const { clipsPerVideo = 1 } = run;
  const [, rows, columns] = backbone.patch_embed.grid(clips.shape);
  const tokens = backbone.tokens(clips, run);
  const inVideos = reshape(tokens, [clips.shape[0] / clipsPerVideo, -1, rows * columns, tokens.shape[2]]);
  const sequence = transpose(mean(inVideos, 2), [0, 2, 1]); // [videos, width, steps of tokens]
  return resize(sequence, { sizes: [steps ?? clipsPerVideo * clips.shape[2]] });
}

/** [videos, channels, frames, height, width], 0 to 255 → the same shape, float32. */
export function normalised(frames: Tensor, { mean: means, deviation, still }: Normalisation): Tensor {
  const perChannel = (values: readonly number[]) => constant(values, { shape: [values.length, 1, 1, 1] });
  const scaled = divide(subtract(cast(frames, 'float32'), perChannel(means)), perChannel(deviation));
  return still === 'removed' ? subtract(scaled, mean(scaled, 2, { keepAxes: true })) : scaled;
}

/** Cuts videos into clips, those of a video behind each other. [B, C, T, H, W] → [B · T / frames, C, frames, H, W]. */
export function clipsOf(video: Tensor, clipFrames: number): Tensor {
  const [videos, channels, frames, height, width] = video.shape;
  const count = frames / clipFrames;
  if (!Number.isInteger(count)) {
    throw new GraphError(
      `clipsOf: the video has ${frames} frames; expected a multiple of ${clipFrames}, of whole clips`,
    );
  }
  const cut = reshape(video, [videos, channels, count, clipFrames, height, width]);
  return reshape(transpose(cut, [0, 2, 1, 3, 4, 5]), [videos * count, channels, clipFrames, height, width]);
}
