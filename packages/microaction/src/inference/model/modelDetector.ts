import { UserError } from '../../errors.ts';
import { type ActionFormer, loadDetector as loadDetectorState, VideoDetector } from '../../models/detection/index.ts';
import { loadTrainedWeights } from '../../training/checkpoint.ts';
import { type DetectionRecipe, requireTask } from '../../training/recipe.ts';
import { openVideo } from '../../video/node.ts';
import type { Video } from '../../video/video.ts';
import type { Detection } from '../detection.ts';
import type { Detector } from '../node.ts';
import { detectWithRecogniser } from '../recognition/detectWithRecogniser.ts';
import { loadClipRecogniser } from '../recognition/modelRecogniser.ts';
import { detectWithModel, type ModelRunOptions } from './detectWithModel.ts';
import { compiledFeatureDetector, type FeatureDetector } from './featureDetector.ts';
import { filling, isSafetensors, readOnnx, taskOf } from './modelFiles.ts';
import { openOnnxDetector } from './onnxDetector.ts';
import { detectorOf } from './trainedModel.ts';
import { compiledDetector, type EngineOptions, type WindowDetector } from './windowDetector.ts';

/**
 * Loads a trained network as a detector: `weights.safetensors` of a training run, or the .onnx file that was exported of
 * one. Told by content. A recogniser of clips slides over the video.
 *
 * @throws UserError `no-recipe`; `mismatch`, listing all weights that do not fit the recipe; what reading files gives
 */
export async function loadModelDetector(path: string, engine: EngineOptions = {}): Promise<Detector> {
  if ((await taskOf(path)) === 'recognition') return loadSlidingRecogniser(path, engine);
  const windows = await loadWindowDetector(path, engine);
  return videoDetector(windows.recipe.name, windows, engine, (video, options) =>
    detectWithModel(video, windows, options),
  );
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
  filling(path, recipe, () => loadDetectorState(model, tensors));
  return { model, recipe };
}

async function loadSlidingRecogniser(path: string, engine: EngineOptions): Promise<Detector> {
  const recogniser = await loadClipRecogniser(path, engine);
  return videoDetector(recogniser.recipe.name, recogniser, engine, (video, options) =>
    detectWithRecogniser(video, recogniser, options),
  );
}

/** What looks at open videos, as a detector of files. */
const videoDetector = (
  model: string,
  network: AsyncDisposable & Pick<Detector, 'taxonomy'>,
  { threads }: EngineOptions,
  detect: (video: Video, options: ModelRunOptions) => Promise<Detection>,
): Detector => ({
  model,
  taxonomy: network.taxonomy,
  async detect(file, options = {}) {
    options.onProgress?.({ stage: 'opening', doneSeconds: 0, totalSeconds: 0 });
    await using video = await openVideo(file, { signal: options.signal, threads });
    return await detect(video, options);
  },
  [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
});

const needsFeatures = (path: string, { name }: DetectionRecipe) =>
  new UserError(
    'needs-features',
    `${path}: ${name} was trained from stored features and sees no pictures; give it what microaction features makes, ` +
      'by microaction predict --data, or name a model with a backbone',
  );
