import type { Dataset } from '../../annotation/dataset.ts';
import { messageOf, UserError } from '../../errors.ts';
import { truthOfDataset } from '../../evaluation/detection/index.ts';
import { featureWindows } from '../../inference/model/storedFeatures.ts';
import type { SkippedVideo } from '../batches.ts';
import type { DetectionRecipe } from '../recipe.ts';
import type { JudgedVideos } from './detectionTask.ts';
import { annotatedLength } from './featureBatches.ts';
import type { LabelledVideo } from './labelledVideos.ts';

export interface JudgedFeaturesOptions {
  readonly recipe: DetectionRecipe;
  /** Told of a video whose features cannot be used, once. What is in it counts as missed. */
  readonly onSkipped?: (video: SkippedVideo) => void;
}

/**
 * Stored features of the clips of a data set, cut into sliding windows.
 *
 * @param dataset - what is to be found
 * @param videos - those of its clips that there are features of
 */
export function judgedFeatures(
  dataset: Dataset,
  videos: readonly LabelledVideo[],
  { recipe, onSkipped }: JudgedFeaturesOptions,
): JudgedVideos {
  const skipped = new Set<string>();
  return {
    truth: truthOfDataset(dataset, 'the videos to validate by'),
    async *windows({ signal }) {
      for (const video of videos) {
        signal.throwIfAborted();
        if (skipped.has(video.id)) continue;
        try {
          const { durationSeconds, frameRate } = annotatedLength(video);
          for await (const window of featureWindows(video.path, recipe, frameRate)) {
            yield { video: video.id, durationSeconds, ...window };
          }
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          skipped.add(video.id);
          onSkipped?.({ video: video.id, reason: messageOf(error) });
        }
      }
    },
  };
}
