import { UserError } from '../../errors.ts';
import { sampleCount } from '../../inference/windows.ts';
import { type AugmentOptions, noAugmentation } from '../augment/augment.ts';
import type { BatchSource, SkippedVideo } from '../batches.ts';
import type { FrameStore, MeasuredVideo } from '../frames/frameStore.ts';
import { truthInFrames, truthInSteps } from '../windows.ts';
import type { DetectionBatch } from './detectionBatch.ts';
import type { LabelledVideo } from './labelledVideos.ts';
import { type Sequence, type WindowBatchOptions, windowBatches } from './windowBatches.ts';

export interface DetectionBatchOptions extends WindowBatchOptions {
  /** Side of the square pictures. */
  readonly sizePixels: number;
  /** Frames from one step to the next. */
  readonly strideFrames: number;
  /** How pictures differ from time to time; not at all unless told. */
  readonly augment?: AugmentOptions;
}

/**
 * Windows of videos as a detector of frames takes them, a step for each frame that is read. Behind the end of a video its
 * last picture stays. All videos are measured first; what cannot be used is skipped and told, never replaced by black.
 *
 * @param frames - the store that decodes; whoever made it closes it
 * @throws as `windowBatches`
 */
export async function detectionBatches(
  videos: readonly LabelledVideo[],
  frames: FrameStore,
  options: DetectionBatchOptions,
): Promise<BatchSource<DetectionBatch>> {
  const { sizePixels, strideFrames, augment = noAugmentation } = options;
  const skipped: SkippedVideo[] = [...(options.skipped ?? [])];
  const measured = await Promise.all(
    videos.map(async ({ id, path, actions }): Promise<(Sequence & { readonly file: MeasuredVideo }) | undefined> => {
      try {
        const file = await frames.measure(path);
        const truth = truthInSteps(truthInFrames(actions, file), { strideFrames });
        return { video: id, file, steps: sampleCount({ frames: file.frames, strideFrames }), truth };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        skipped.push({ video: id, reason: error.message });
        return undefined;
      }
    }),
  );
  const sequences = measured.filter((one) => one !== undefined);
  return windowBatches(
    sequences,
    async ({ file }, range, dice) => {
      const excerpt = { video: file, strideFrames, range };
      const { data, ...clip } = await frames.clip(excerpt, { sizePixels, augment, seed: dice.seedFor('clip') });
      return { data, shape: [3, clip.frames, clip.heightPixels, clip.widthPixels], padding: 'last' };
    },
    { ...options, skipped },
  );
}
