import { compile, input, numbersOf, type Program } from 'onnxgrad';
import { freeze } from 'onnxgrad/nn';
import type { Recogniser } from '../../models/recognition/index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { ProgramCache } from '../../training/programCache.ts';
import { sampledFrames } from '../../training/recognition/frameSampling.ts';
import type { RecognitionRecipe } from '../../training/recognition/recognitionRecipe.ts';
import { explaining } from '../model/engineFailure.ts';
import { taxonomyOf } from '../model/trainedModel.ts';
import type { EngineOptions } from '../model/windowDetector.ts';

/** A trained recogniser: says which action a clip shows. */
export interface ClipRecogniser extends AsyncDisposable {
  /** By which it was made, and how clips are to be shown to it. */
  readonly recipe: RecognitionRecipe;
  /** Class k is the action at position k in its `actions`. */
  readonly taxonomy: Taxonomy;
  /** What it was loaded from, for people. */
  readonly source: string;
  /** The only side of pictures that it takes; absent where any will do. */
  readonly onlyPixels?: number;
  /**
   * What it says of one view of a clip.
   *
   * @param frames - [3, T, size, size], red, green, blue, 0 to 255; as many frames as the recipe samples
   * @returns [classes]: logits, whose softmax are probabilities
   */
  logits(frames: Uint8Array, sizePixels: number): Promise<Float64Array>;
}

/** A model in memory as a recogniser: a program is compiled for each size of pictures when it is first met. */
export function compiledRecogniser(
  model: Recogniser,
  { recipe, source, ...engine }: { readonly recipe: RecognitionRecipe; readonly source: string } & EngineOptions,
): ClipRecogniser {
  freeze(model);
  const programs = new ProgramCache<Program<'logits'>>(1);
  const frameCount = sampledFrames(recipe.data.sampling);
  return {
    recipe,
    source,
    taxonomy: taxonomyOf(recipe),
    // Fully connected layers over places tie it to one size.
    onlyPixels: recipe.model.kind === 'c3d' ? recipe.data.sizePixels : undefined,
    logits: (frames, sizePixels) =>
      explaining(source, async () => {
        const compiled = () => compile(recognised(model, frameCount, sizePixels), engine);
        return logitsOf(await programs.get(String(sizePixels), compiled), frames);
      }),
    [Symbol.asyncDispose]: () => programs[Symbol.asyncDispose](),
  };
}

/** What a program of one view computes. Input: `frames`, uint8 [1, 3, T, size, size]. */
export function recognised(model: Recogniser, frameCount: number, sizePixels: number) {
  const { logits } = model.recognise(input('frames', [1, 3, frameCount, sizePixels, sizePixels], 'uint8'));
  return { logits };
}

/** Runs a program that computes `recognised`. */
export async function logitsOf(program: Program, frames: Uint8Array): Promise<Float64Array> {
  const { logits } = await program.run({ frames });
  return numbersOf(logits);
}
