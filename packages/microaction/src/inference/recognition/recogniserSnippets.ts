import { compile, input, type Program } from 'onnxgrad';
import { freeze } from 'onnxgrad/nn';
import type { Recogniser } from '../../models/recognition/index.ts';
import { sampledFrames, sampleFrames } from '../../training/recognition/frameSampling.ts';
import type { RecognitionRecipe } from '../../training/recognition/recognitionRecipe.ts';
import type { SnippetModel } from '../model/snippetModel.ts';
import type { EngineOptions } from '../model/windowDetector.ts';

export interface RecogniserSnippetOptions extends EngineOptions {
  /** Frames that a feature is of, from which the recipe's are sampled. */
  readonly clipFrames: number;
}

/** What the classifier of a recogniser judges by, of clips by themselves, sampled as its tests sample them. */
export async function recogniserSnippets(
  model: Recogniser,
  { model: options, data }: RecognitionRecipe,
  { clipFrames, ...engine }: RecogniserSnippetOptions,
): Promise<SnippetModel> {
  freeze(model);
  // The whole picture at the scale of training, except where layers or tables are of one size.
  const isOfOneSize = options.kind === 'c3d' || options.kind === 'videomae';
  const sizePixels = isOfOneSize ? data.sizePixels : data.shortSidePixels;
  const frames = input('frames', [1, 3, sampledFrames(data.sampling), sizePixels, sizePixels], 'uint8');
  const { features } = model.recognise(frames);
  const program: Program<'features'> = await compile({ features }, engine);
  const indices = sampleFrames(clipFrames, data.sampling);
  return {
    channels: features.shape[1],
    clipFrames,
    sizePixels,
    async features(clip) {
      const found = await program.run({ frames: framesOf(clip, clipFrames, indices) });
      return found.features.data as Float32Array;
    },
    [Symbol.asyncDispose]: () => program.dispose(),
  };
}

// ---- below: internals ----

/** Some frames of a clip. [3, frames, height, width] → [3, indices, height, width] */
function framesOf(clip: Uint8Array, frames: number, indices: ArrayLike<number>): Uint8Array {
  const picture = clip.length / (3 * frames);
  const chosen = new Uint8Array(3 * indices.length * picture);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < indices.length; i++) {
      const from = (channel * frames + indices[i]) * picture;
      chosen.set(clip.subarray(from, from + picture), (channel * indices.length + i) * picture);
    }
  }
  return chosen;
}
