import { numbersOf } from 'onnxgrad';
import { WeightsError } from 'onnxgrad/weights';
import { openWeights } from 'onnxgrad/weights/node';
import { UserError } from '../../errors.ts';
import type { DetectionRecipe } from '../../training/recipe.ts';
import type { FeatureGrid } from '../suppression/index.ts';
import { slidingWindows } from '../windows.ts';
import { filledTo } from './windowDetector.ts';

// Features of a video in a file: `.npy` of one array, [channels, steps], or [steps, channels] as many tools write them;
// or `.npz` or `.safetensors` of several, in which the one called `features` counts.

/** How many steps a file of features has. @throws UserError `bad-features`, and what reading files gives */
export const featureSteps = (path: string, channels: number): Promise<number> =>
  openFeatures(path, channels, async ({ steps }) => steps);

/** @returns data: [channels, steps]. @throws as `featureSteps` */
export function readFeatures(path: string, channels: number): Promise<{ data: Float32Array; steps: number }> {
  return openFeatures(path, channels, async ({ steps, stepsFirst }, read) => {
    const numbers = numbersOf(await read());
    if (!stepsFirst) return { data: new Float32Array(numbers), steps };
    const data = new Float32Array(channels * steps);
    for (let step = 0, from = 0; step < steps; step++) {
      for (let channel = 0; channel < channels; channel++) data[channel * steps + step] = numbers[from++];
    }
    return { data, steps };
  });
}

/** A window of stored features, filled up to one of a recipe's lengths with zeros. */
export interface FeatureWindow {
  /** [channels, length] */
  readonly input: Float32Array;
  readonly inputShape: readonly [channels: number, length: number];
  /** The first steps of it that are of the video. */
  readonly validSteps: number;
  readonly grid: FeatureGrid;
}

/** The windows that slide along a video's features, as a recipe of stored features has them. */
export async function* featureWindows(
  path: string,
  recipe: DetectionRecipe,
  frameRate: number,
): AsyncGenerator<FeatureWindow> {
  const { features, windowSteps } = recipe.data;
  if (!features) throw new Error('featureWindows: the recipe has no data.features');
  const { channels, ...lies } = features;
  const { data, steps } = await readFeatures(path, channels);
  const options = { length: windowSteps, overlap: recipe.evaluation.overlap, coverEnd: true };
  for (const { start, end } of slidingWindows(steps, options)) {
    const length = filledTo(recipe, end - start);
    const input = new Float32Array(channels * length);
    for (let channel = 0; channel < channels; channel++) {
      input.set(data.subarray(channel * steps + start, channel * steps + end), channel * length);
    }
    const grid = { kind: 'strided', frameRate, ...lies, startFrame: start * lies.strideFrames } as const;
    yield { input, inputShape: [channels, length], validSteps: end - start, grid };
  }
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
