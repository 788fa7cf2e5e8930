import { numbersOf } from 'onnxgrad';
import { WeightsError } from 'onnxgrad/weights';
import { openWeights } from 'onnxgrad/weights/node';
import type { Dataset } from '../../annotation/dataset.ts';
import { UserError } from '../../errors.ts';
import { truthOfDataset } from '../../evaluation/detection/index.ts';
import { filledTo } from '../../inference/model/windowDetector.ts';
import { slidingWindows } from '../../inference/windows.ts';
import type { DetectionRecipe } from '../recipe.ts';
import type { JudgedVideos } from './detectionTask.ts';

/**
 * Stored features of the clips of a data set, cut into sliding windows. Clips need a duration and a frame rate.
 *
 * @param files - by the ids of clips: `.npy` or `.npz`, [channels, steps] or [steps, channels]
 */
export function judgedFeatures(
  dataset: Dataset,
  files: ReadonlyMap<string, string>,
  recipe: DetectionRecipe,
): JudgedVideos {
  const { features, windowSteps } = recipe.data;
  if (!features) throw new Error('judgedFeatures: the recipe has no data.features');
  const { channels, ...lies } = features;
  return {
    truth: truthOfDataset(dataset, 'the videos to validate by'),
    async *windows({ signal }) {
      for (const { id, durationSeconds, frameRate } of dataset.clips) {
        signal.throwIfAborted();
        const path = files.get(id);
        if (path === undefined || durationSeconds === undefined || frameRate === undefined) continue;
        const { data, steps } = await readFeatures(path, channels);
        const options = { length: windowSteps, overlap: recipe.evaluation.overlap, coverEnd: true };
        for (const { start, end } of slidingWindows(steps, options)) {
          const length = filledTo(recipe, end - start);
          const input = new Float32Array(channels * length);
          for (let channel = 0; channel < channels; channel++) {
            input.set(data.subarray(channel * steps + start, channel * steps + end), channel * length);
          }
          const startFrame = start * lies.strideFrames;
          const grid = { kind: 'strided', frameRate, ...lies, startFrame } as const;
          yield { video: id, durationSeconds, input, inputShape: [channels, length], validSteps: end - start, grid };
        }
      }
    },
  };
}

// ---- below: internals ----

/** → [channels, steps] */
async function readFeatures(path: string, channels: number): Promise<{ data: Float32Array; steps: number }> {
  try {
    await using file = await openWeights(path);
    const [only] = file.entries.keys();
    const tensor = await file.read(file.entries.size === 1 ? only : 'features');
    const [rows, columns] = tensor.shape;
    if (tensor.shape.length !== 2 || (rows !== channels && columns !== channels)) {
      const expected = `[${channels}, steps] or [steps, ${channels}]`;
      throw new UserError('bad-features', `${path}: found shape [${tensor.shape.join(', ')}]; expected ${expected}`);
    }
    const numbers = Float32Array.from(numbersOf(tensor));
    if (rows === channels) return { data: numbers, steps: columns };
    const data = Float32Array.from(numbers, (_, i) => numbers[(i % rows) * channels + Math.floor(i / rows)]);
    return { data, steps: rows };
  } catch (error) {
    if (error instanceof WeightsError) throw new UserError(error.code, error.message, { cause: error });
    throw error;
  }
}
