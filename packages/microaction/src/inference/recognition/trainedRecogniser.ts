import { Initializer } from 'onnxgrad/nn';
import { makeRecogniser, type Recogniser } from '../../models/recognition/index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
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
  const taxonomy = taxonomyOf(recipe);
  const common = { classes: taxonomy.actions.length, parts: hierarchical ? partsOf(taxonomy) : undefined };
  const frames = sampledFrames(data.sampling);
  switch (model.kind) {
    case 'tsn':
    case 'tsm':
    case 'manet':
      return makeRecogniser({ ...model, ...common, segments: frames }, init);
    case 'c3d':
      return makeRecogniser({ ...model, ...common, frames, pixels: data.sizePixels }, init);
    case 'videomae':
      return makeRecogniser({ ...model, ...common, clipFrames: frames }, init);
    default:
      return makeRecogniser({ ...model, ...common, frames }, init);
  }
}

/** The body part of each action, counted over those that have actions. */
export function partsOf({ actions, bodyParts }: Taxonomy): number[] {
  const used = bodyParts.filter(({ code }) => actions.some(({ bodyPart }) => bodyPart === code));
  return actions.map(({ bodyPart }) => used.findIndex(({ code }) => code === bodyPart));
}
