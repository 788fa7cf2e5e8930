import { loadProgram, toOnnx } from 'onnxgrad';
import { parseJson } from '../../annotation/formats/json.ts';
import { UsageError, UserError } from '../../errors.ts';
import type { VideoDetector } from '../../models/detection/index.ts';
import { type DetectionRecipe, parseRecipe, type Recipe, requireTask } from '../../training/recipe.ts';
import { explaining } from './engineFailure.ts';
import { metadataOf, withMetadata } from './onnxMetadata.ts';
import { taxonomyOf } from './trainedModel.ts';
import { type EngineOptions, proposalsOf, proposed, type WindowDetector } from './windowDetector.ts';

/**
 * A trained detector as one .onnx file, from the frames of a window to segments with scores, which `openOnnxDetector`
 * runs. Inputs: `frames`, uint8 [1, 3, steps, size, size], red, green, blue, 0 to 255; `mask`, float32 [1, steps], 1
 * where a step is of the video. Outputs: `segments` [1, P, 2], in steps; `scores` [1, P, K], 0 to 1; `valid` [1, P].
 * Metadata: `recipe`, and for other programs `taxonomy` (JSON list of the K names) and `preprocessing` (JSON).
 *
 * @param steps - of a window; the recipe's longest unless given
 * @throws UsageError where windows cannot have so many steps
 */
export function exportDetector(
  model: VideoDetector,
  recipe: DetectionRecipe,
  steps: number = recipe.data.windowSteps,
): Uint8Array<ArrayBuffer> {
  const { clipFrames } = model.backbone.options;
  if (!(Number.isInteger(steps) && steps >= clipFrames && steps % clipFrames === 0)) {
    throw new UsageError(`steps: found ${steps}, expected a multiple of ${clipFrames}, of whole clips`);
  }
  const { sizePixels, frameStride } = recipe.data;
  const own = { ...recipe, data: { ...recipe.data, windowSteps: steps, bucketSteps: [steps] } };
  const description = `${recipe.name}: micro-actions in a window of ${steps} pictures, one of each ${frameStride} frames`;
  return withMetadata(toOnnx(proposed(model, steps, sizePixels), description), {
    recipe: JSON.stringify(own),
    taxonomy: JSON.stringify(taxonomyOf(recipe).actions.map(({ name }) => name)),
    preprocessing: JSON.stringify({
      colours: 'RGB, 0 to 255',
      sizePixels,
      crop: 'short side shrunk to sizePixels, the middle kept',
      frameStride,
      windowSteps: steps,
      padding: 'the last picture repeated, mask 0',
    }),
  });
}

/**
 * The recipe in an .onnx file that `exportDetector` or `exportRecogniser` made.
 *
 * @throws UserError `no-recipe` for one from elsewhere
 */
export function recipeInOnnx(bytes: Uint8Array, source: string): Recipe {
  const { recipe } = metadataOf(bytes);
  if (recipe !== undefined) return parseRecipe(parseJson(recipe, source), `the recipe in ${source}`);
  throw new UserError(
    'no-recipe',
    `${source}: its metadata holds no recipe, which says how videos are given to it; expected a file that microaction export made`,
  );
}

/** A detector out of an .onnx file that `exportDetector` made, in Node or in a browser. */
export async function openOnnxDetector(
  bytes: Uint8Array,
  { source, ...engine }: { readonly source: string } & EngineOptions,
): Promise<WindowDetector> {
  const recipe = requireTask(recipeInOnnx(bytes, source), 'detection', source);
  const program = await explaining(source, () => loadProgram(bytes, engine));
  return {
    recipe,
    source,
    taxonomy: taxonomyOf(recipe),
    propose: (frames, steps, length) => explaining(source, () => proposalsOf(program, frames, steps, length)),
    [Symbol.asyncDispose]: () => program.dispose(),
  };
}
