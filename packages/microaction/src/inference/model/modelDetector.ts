import { open, readFile, stat } from 'node:fs/promises';
import { WeightsError } from 'onnxgrad/weights';
import { UserError } from '../../errors.ts';
import { fileError } from '../../files/fileError.ts';
import { type ActionFormer, loadDetector as loadDetectorState, VideoDetector } from '../../models/detection/index.ts';
import { loadTrainedWeights } from '../../training/checkpoint.ts';
import { type DetectionRecipe, requireTask } from '../../training/recipe.ts';
import { openVideo } from '../../video/node.ts';
import type { Detector } from '../node.ts';
import { detectWithModel } from './detectWithModel.ts';
import { compiledFeatureDetector, type FeatureDetector } from './featureDetector.ts';
import { openOnnxDetector } from './onnxDetector.ts';
import { detectorOf } from './trainedModel.ts';
import { compiledDetector, type EngineOptions, type WindowDetector } from './windowDetector.ts';

/**
 * Loads a trained network as a detector: `weights.safetensors` of a training run, or the .onnx file that was exported of
 * one. Told by content.
 *
 * @throws UserError `no-recipe`; `mismatch`, listing all weights that do not fit the recipe; what reading files gives
 */
export async function loadModelDetector(path: string, engine: EngineOptions = {}): Promise<Detector> {
  const { threads } = engine;
  const windows = await loadWindowDetector(path, engine);
  return {
    model: windows.recipe.name,
    taxonomy: windows.taxonomy,
    async detect(file, options = {}) {
      options.onProgress?.({ stage: 'opening', doneSeconds: 0, totalSeconds: 0 });
      await using video = await openVideo(file, { signal: options.signal, threads });
      return await detectWithModel(video, windows, options);
    },
    [Symbol.asyncDispose]: () => windows[Symbol.asyncDispose](),
  };
}

/** As `loadModelDetector`, for those who have windows. */
export async function loadWindowDetector(path: string, engine: EngineOptions = {}): Promise<WindowDetector> {
  const loaded = await loadEitherDetector(path, engine);
  if (loaded.sees === 'pictures') return loaded.detector;
  throw needsFeatures(path, loaded.detector.recipe);
}

/** A detector by what it sees of a video. */
export type EitherDetector =
  | { readonly sees: 'pictures'; readonly detector: WindowDetector }
  | { readonly sees: 'features'; readonly detector: FeatureDetector };

/** As `loadWindowDetector`, also for a network that was trained from stored features. */
export async function loadEitherDetector(path: string, engine: EngineOptions = {}): Promise<EitherDetector> {
  if (!(await isSafetensors(path))) {
    return { sees: 'pictures', detector: await openOnnxDetector(await readOnnx(path), { source: path, ...engine }) };
  }
  const { model, recipe } = await loadTrainedDetector(path);
  const made = { recipe, source: path, ...engine };
  return model instanceof VideoDetector
    ? { sees: 'pictures', detector: compiledDetector(model, made) }
    : { sees: 'features', detector: compiledFeatureDetector(model, made) };
}

/**
 * The model of a training run with its weights: the averaged ones, where training averaged.
 *
 * @throws UserError `needs-features` for one that was trained from stored features, `wrong-task` for a recogniser
 */
export async function loadTrainedModel(path: string): Promise<{ model: VideoDetector; recipe: DetectionRecipe }> {
  const { model, recipe } = await loadTrainedDetector(path);
  if (model instanceof VideoDetector) return { model, recipe };
  throw needsFeatures(path, recipe);
}

// ---- below: internals ----

async function loadTrainedDetector(
  path: string,
): Promise<{ model: VideoDetector | ActionFormer; recipe: DetectionRecipe }> {
  const { recipe: found, tensors } = await loadTrainedWeights(path);
  const recipe = requireTask(found, 'detection', path);
  const model = detectorOf(recipe);
  try {
    loadDetectorState(model, tensors);
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    const message = `${path}: its weights are not those of the recipe it holds, ${recipe.name}: ${error.message}`;
    throw new UserError(error.code, message, { cause: error });
  }
  return { model, recipe };
}

/** A header's length and the brace that begins it; an .onnx file begins with the version of its format. */
async function isSafetensors(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const start = Buffer.alloc(9);
    const { bytesRead } = await file.read(start, 0, 9, 0);
    return bytesRead === 9 && start[8] === 0x7b;
  } catch (error) {
    throw fileError(error, path, 'read');
  }
}

async function readOnnx(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size < 2 ** 31) return readFile(path);
  throw new UserError('too-large', `${path}: it holds more than 2 GiB; name weights.safetensors of a run, or an .onnx`);
}

const needsFeatures = (path: string, { name }: DetectionRecipe) =>
  new UserError(
    'needs-features',
    `${path}: ${name} was trained from stored features and sees no pictures; give it what microaction features makes, ` +
      'by microaction predict --data, or name a model with a backbone',
  );
