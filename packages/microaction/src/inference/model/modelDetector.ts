import { open, readFile, stat } from 'node:fs/promises';
import { WeightsError } from 'onnxgrad/weights';
import { UserError } from '../../errors.ts';
import { fileError } from '../../files/fileError.ts';
import { loadDetector as loadDetectorState, VideoDetector } from '../../models/detection/index.ts';
import { loadTrainedWeights } from '../../training/checkpoint.ts';
import { type DetectionRecipe, requireTask } from '../../training/recipe.ts';
import { openVideo } from '../../video/node.ts';
import type { Detector } from '../node.ts';
import { detectWithModel } from './detectWithModel.ts';
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
  if (await isSafetensors(path)) {
    const { model, recipe } = await loadTrainedModel(path);
    return compiledDetector(model, { recipe, source: path, ...engine });
  }
  return openOnnxDetector(await readOnnx(path), { source: path, ...engine });
}

/**
 * The model of a training run with its weights: the averaged ones, where training averaged.
 *
 * @throws UserError `wrong-task` for a recogniser, `needs-features` for one that was trained from stored features
 */
export async function loadTrainedModel(path: string): Promise<{ model: VideoDetector; recipe: DetectionRecipe }> {
  const { recipe: found, tensors } = await loadTrainedWeights(path);
  const recipe = requireTask(found, 'detection', path);
  const model = detectorOf(recipe);
  if (!(model instanceof VideoDetector)) {
    throw new UserError(
      'needs-features',
      `${path}: ${recipe.name} was trained from stored features and sees no pictures; name a model with a backbone`,
    );
  }
  try {
    loadDetectorState(model, tensors);
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    const message = `${path}: its weights are not those of the recipe it holds, ${recipe.name}: ${error.message}`;
    throw new UserError(error.code, message, { cause: error });
  }
  return { model, recipe };
}

// ---- below: internals ----

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
