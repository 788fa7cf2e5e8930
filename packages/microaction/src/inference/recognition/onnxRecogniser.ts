import { loadProgram, toOnnx } from 'onnxgrad';
import type { Recogniser } from '../../models/recognition/index.ts';
import { type RecognitionRecipe, requireTask } from '../../training/recipe.ts';
import { sampledFrames } from '../../training/recognition/frameSampling.ts';
import { explaining } from '../model/engineFailure.ts';
import { recipeInOnnx } from '../model/onnxDetector.ts';
import { withMetadata } from '../model/onnxMetadata.ts';
import { taxonomyOf } from '../model/trainedModel.ts';
import type { EngineOptions } from '../model/windowDetector.ts';
import { type ClipRecogniser, logitsOf, recognised } from './clipRecogniser.ts';

/**
 * A trained recogniser as one .onnx file, from the frames of a clip to what it says of each class, which
 * `openOnnxRecogniser` runs. Input: `frames`, uint8 [1, 3, T, size, size], red, green, blue, 0 to 255. Output: `logits`
 * [1, K], whose softmax are probabilities. Metadata: `recipe`, and for other programs `taxonomy` (JSON list of the K names)
 * and `preprocessing` (JSON).
 */
export function exportRecogniser(model: Recogniser, recipe: RecognitionRecipe): Uint8Array<ArrayBuffer> {
  const { sampling, sizePixels, shortSidePixels } = recipe.data;
  const frames = sampledFrames(sampling);
  const description = `${recipe.name}: the micro-action that a clip shows, by ${frames} of its pictures`;
  return withMetadata(toOnnx(recognised(model, frames, sizePixels), description), {
    recipe: JSON.stringify(recipe),
    taxonomy: JSON.stringify(taxonomyOf(recipe).actions.map(({ name }) => name)),
    preprocessing: JSON.stringify({
      colours: 'RGB, 0 to 255',
      sizePixels,
      shortSidePixels,
      crop: 'short side shrunk to shortSidePixels, a square of sizePixels in the middle kept',
      sampling,
      frames:
        sampling.kind === 'segments'
          ? 'the middle one of each of so many equal parts of the clip'
          : 'each strideFrames-th of a stretch in the middle of the clip, which goes on at its beginning where it is shorter',
    }),
  });
}

/** A recogniser out of an .onnx file that `exportRecogniser` made, in Node or in a browser. */
export async function openOnnxRecogniser(
  bytes: Uint8Array,
  { source, ...engine }: { readonly source: string } & EngineOptions,
): Promise<ClipRecogniser> {
  const recipe = requireTask(recipeInOnnx(bytes, source), 'recognition', source);
  const program = await explaining(source, () => loadProgram(bytes, engine));
  return {
    recipe,
    source,
    taxonomy: taxonomyOf(recipe),
    onlyPixels: recipe.data.sizePixels,
    logits: (frames) => explaining(source, () => logitsOf(program, frames)),
    [Symbol.asyncDispose]: () => program.dispose(),
  };
}
