import { Initializer } from 'onnxgrad/nn';
import { makeRecogniser, type Recogniser } from '../../models/recognition/index.ts';
import { sampledFrames } from '../../training/recognition/frameSampling.ts';
import type { RecognitionRecipe } from '../../training/recognition/recognitionRecipe.ts';
import { taxonomyOf } from '../model/trainedModel.ts';

/**
 * The recogniser of a recipe.
 *
 * @param init - draws the weights; left out where they are filled afterwards
 */
export function recogniserOf(recipe: RecognitionRecipe, init = new Initializer(null)): Recogniser {
  const { model, data, hierarchical } = recipe;
  const { actions, bodyParts } = taxonomyOf(recipe);
  const parts = actions.map(({ bodyPart }) => bodyParts.findIndex(({ code }) => code === bodyPart));
  const common = { classes: actions.length, parts: hierarchical ? parts : undefined };
  const frames = sampledFrames(data.sampling);
  switch (model.kind) {
    case 'tsn':
    case 'tsm':
    case 'manet':
      return makeRecogniser({ ...model, ...common, segments: frames }, init);
    case 'c3d':
      return makeRecogniser({ ...model, ...common, frames, pixels: data.sizePixels }, init);
    default:
      return makeRecogniser({ ...model, ...common, frames }, init);
  }
}
