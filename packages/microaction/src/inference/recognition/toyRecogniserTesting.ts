import { stateOf } from 'onnxgrad/nn';
import type { Recogniser } from '../../models/recognition/index.ts';
import { seededRandom } from '../../random.ts';
import { parseRecipe, type RecognitionRecipe } from '../../training/recipe.ts';
import { toyRecipe } from '../model/toyTesting.ts';
import { recogniserOf } from './trainedRecogniser.ts';

// Small recognisers in memory for tests. Not part of the library.

export const toyRecognition: RecognitionRecipe = parseRecipe(
  {
    task: 'recognition',
    name: 'toy-manet',
    taxonomy: toyRecipe.taxonomy,
    model: { kind: 'manet', width: 4, depths: [1, 1, 1, 1] },
    data: { sizePixels: 32, shortSidePixels: 40, sampling: { kind: 'segments', segments: 8 } },
    training: { epochs: 10, learningRate: { head: 1e-3, backbone: 1e-3 } },
  },
  'the toy recogniser',
);

/** The same for the 52 micro-actions. */
export const toyMicroActions: RecognitionRecipe = { ...toyRecognition, taxonomy: undefined };

/** The recipe's model, with a classifier that makes a difference. */
export function toyRecogniser(recipe: RecognitionRecipe = toyRecognition): Recogniser {
  const model = recogniserOf(recipe);
  const random = seededRandom(6);
  for (const [name, { data }] of stateOf(model)) {
    if (/bn|running|num_batches|downsample\.bn/.test(name)) continue;
    const spread = name.startsWith('cls_head') ? 4 : 0.4;
    for (let i = 0; i < data.length; i++) (data as Float32Array)[i] += spread * (random() - 0.5);
  }
  return model;
}
