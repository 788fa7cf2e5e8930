import type { Dataset } from '../../annotation/dataset.ts';
import { truthOfDataset } from '../../evaluation/detection/index.ts';
import { featureWindows } from '../../inference/model/storedFeatures.ts';
import type { DetectionRecipe } from '../recipe.ts';
import type { JudgedVideos } from './detectionTask.ts';

/**
 * Stored features of the clips of a data set, cut into sliding windows. Clips need a duration and a frame rate.
 *
 * @param files - by the ids of clips, as `readFeatures` reads them
 */
export function judgedFeatures(
  dataset: Dataset,
  files: ReadonlyMap<string, string>,
  recipe: DetectionRecipe,
): JudgedVideos {
  return {
    truth: truthOfDataset(dataset, 'the videos to validate by'),
    async *windows({ signal }) {
      for (const { id, durationSeconds, frameRate } of dataset.clips) {
        signal.throwIfAborted();
        const path = files.get(id);
        if (path === undefined || durationSeconds === undefined || frameRate === undefined) continue;
        for await (const window of featureWindows(path, recipe, frameRate)) {
          yield { video: id, durationSeconds, ...window };
        }
      }
    },
  };
}
