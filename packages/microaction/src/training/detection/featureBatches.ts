import { basename } from 'node:path';
import { numbersOf } from 'onnxgrad';
import { WeightsError } from 'onnxgrad/weights';
import { openWeights } from 'onnxgrad/weights/node';
import { UserError } from '../../errors.ts';
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
 * Windows of stored features: a `.npy` or `.npz` file for each video, [channels, steps], or [steps, channels] as many
 * tools write them. Zeros stand behind the end. In a `.npz` of several arrays the one called `features` is taken.
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
      const { frames, durationSeconds } = lengthOf(video);
      const { steps } = await openFeatures(video.path, channels, async (layout) => layout);
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
      const { data, steps, stepsFirst } = await openFeatures(path, channels, async (layout, read) => ({
        ...layout,
        data: numbersOf(await read()),
      }));
      if (steps !== expected) {
        throw new UserError(
          'bad-features',
          `${path}: had ${expected} steps, now ${steps}; let files alone in training`,
        );
      }
      const part = new Float32Array(channels * (end - start));
      for (let channel = 0, to = 0; channel < channels; channel++) {
        for (let step = start; step < end; step++) {
          part[to++] = Number(data[stepsFirst ? step * channels + channel : channel * steps + step]);
        }
      }
      return { data: part, shape: [channels, end - start], padding: 'zero' };
    },
    { ...options, skipped },
  );
}

// ---- below: internals ----

interface Layout {
  readonly steps: number;
  readonly stepsFirst: boolean;
}

type Read = () => ReturnType<Awaited<ReturnType<typeof openWeights>>['read']>;

/** @throws UserError, also for what is damaged */
async function openFeatures<Result>(
  path: string,
  channels: number,
  use: (layout: Layout, read: Read) => Promise<Result>,
): Promise<Result> {
  try {
    await using file = await openWeights(path);
    const [only] = file.entries.keys();
    const name = file.entries.size === 1 ? only : 'features';
    const shape = file.entries.get(name)?.shape;
    if (!shape) {
      const names = [...file.entries.keys()].slice(0, 5).join(', ');
      throw new UserError('bad-features', `${path}: found arrays ${names}; expected one, or one called features`);
    }
    return await use(layoutOf(shape, channels, path), () => file.read(name));
  } catch (error) {
    if (error instanceof WeightsError) throw new UserError(error.code, error.message, { cause: error });
    throw error;
  }
}

function layoutOf(shape: readonly number[], channels: number, path: string): Layout {
  const [first, second] = shape;
  if (shape.length === 2 && first === channels && second > 0) return { steps: second, stepsFirst: false };
  if (shape.length === 2 && second === channels && first > 0) return { steps: first, stepsFirst: true };
  throw new UserError(
    'bad-features',
    `${path}: found shape [${shape.join(', ')}]; expected [${channels}, steps] or [steps, ${channels}]`,
  );
}

function lengthOf({ path, durationSeconds, frameRate }: LabelledVideo): { frames: number; durationSeconds: number } {
  if (durationSeconds !== undefined && frameRate !== undefined) {
    return { frames: Math.round(durationSeconds * frameRate), durationSeconds };
  }
  throw new UserError(
    'no-duration',
    `${basename(path)}: its annotations name no ${durationSeconds === undefined ? 'duration' : 'frame rate'}; ` +
      'stored features need both, to know which step is when',
  );
}
