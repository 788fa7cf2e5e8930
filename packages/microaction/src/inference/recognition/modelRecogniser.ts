import { loadState } from 'onnxgrad/nn';
import type { Recogniser } from '../../models/recognition/index.ts';
import { loadTrainedWeights } from '../../training/checkpoint.ts';
import { type RecognitionRecipe, requireTask } from '../../training/recipe.ts';
import { filling, isSafetensors, readOnnx } from '../model/modelFiles.ts';
import type { EngineOptions } from '../model/windowDetector.ts';
import { type ClipRecogniser, compiledRecogniser } from './clipRecogniser.ts';
import { openOnnxRecogniser } from './onnxRecogniser.ts';
import { recogniserOf } from './trainedRecogniser.ts';

/**
 * Loads a trained recogniser: `weights.safetensors` of a training run, or the .onnx file that was exported of one. Told by
 * content.
 *
 * @throws UserError `no-recipe`; `wrong-task` for a detector; `mismatch`, listing all weights that do not fit the recipe;
 *   what reading files gives
 */
export async function loadClipRecogniser(path: string, engine: EngineOptions = {}): Promise<ClipRecogniser> {
  if (!(await isSafetensors(path))) return openOnnxRecogniser(await readOnnx(path), { source: path, ...engine });
  const { model, recipe } = await loadTrainedRecogniser(path);
  return compiledRecogniser(model, { recipe, source: path, ...engine });
}

/** The model of a training run with its weights: the averaged ones, where training averaged. */
export async function loadTrainedRecogniser(path: string): Promise<{ model: Recogniser; recipe: RecognitionRecipe }> {
  const { recipe: found, tensors } = await loadTrainedWeights(path);
  const recipe = requireTask(found, 'recognition', path);
  const model = recogniserOf(recipe);
  filling(path, recipe, () => loadState(model, tensors));
  return { model, recipe };
}
