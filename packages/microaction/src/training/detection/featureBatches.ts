import { basename } from 'node:path';
import { UserError } from '../../errors.ts';
import { featureSteps, readFeatures } from '../../inference/model/storedFeatures.ts';
import type { BatchSource, SkippedVideo } from '../batches.ts';
import { truthInFrames, truthInSteps } from '../windows.ts';
import type { DetectionBatch } from './detectionBatch.ts';
import type { LabelledVideo } from './labelledVideos.ts';
import { type Sequence, type WindowBatchOptions, windowBatches } from './windowBatches.ts';

export interface FeatureBatchOptions extends WindowBatchOptions {
  readonly channels: number;
  /** Frames from one step to the next. */
  readonly strideFrames: number;
  /** The frame at which step 0 stands: half a clip, where features are of clips. 0 unless given. */
  readonly offsetFrames?: number;
}

/**
 * Windows of stored features, as `readFeatures` reads them. Zeros stand behind the end.
 *
 * @param videos - their paths are those of the features; they need `durationSeconds` and `frameRate`
 * @throws as `windowBatches`
 */
export async function featureBatches(
  videos: readonly LabelledVideo[],
  options: FeatureBatchOptions,
): Promise<BatchSource<DetectionBatch>> {
  const { channels, strideFrames, offsetFrames = 0 } = options;
  const skipped: SkippedVideo[] = [...(options.skipped ?? [])];
  const sequences: (Sequence & { readonly path: string })[] = [];
  for (const video of videos) {
    try {
      const { frames, durationSeconds } = annotatedLength(video);
      const steps = await featureSteps(video.path, channels);
      const inFrames = truthInFrames(video.actions, { frames, durationSeconds });
      const truth = truthInSteps(inFrames, { strideFrames, offsetFrames });
      sequences.push({ video: video.id, path: video.path, steps, truth });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      skipped.push({ video: video.id, reason: error.message });
    }
  }
  return windowBatches(
    sequences,
    async ({ path, steps: expected }, { start, end }) => {
      const { data, steps } = await readFeatures(path, channels);
      if (steps !== expected) {
        throw new UserError(
          'bad-features',
          `${path}: had ${expected} steps, now ${steps}; let files alone in training`,
        );
      }
      const part = new Float32Array(channels * (end - start));
      for (let channel = 0; channel < channels; channel++) {
        part.set(data.subarray(channel * steps + start, channel * steps + end), channel * (end - start));
      }
      return { data: part, shape: [channels, end - start], padding: 'zero' };
    },
    { ...options, skipped },
  );
}

/** How long a video is by its annotations. @throws UserError `no-duration` */
export function annotatedLength({ path, durationSeconds, frameRate }: LabelledVideo) {
  if (durationSeconds !== undefined && frameRate !== undefined) {
    return { frames: Math.round(durationSeconds * frameRate), durationSeconds, frameRate };
  }
  throw new UserError(
    'no-duration',
    `${basename(path)}: its annotations name no ${durationSeconds === undefined ? 'duration' : 'frame rate'}; ` +
      'stored features need both, to know which step is when',
  );
}
