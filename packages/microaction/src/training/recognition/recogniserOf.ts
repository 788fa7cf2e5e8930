import { Initializer } from 'onnxgrad/nn';
import { taxonomyOf } from '../../inference/model/trainedModel.ts';
import { makeRecogniser, type Recogniser } from '../../models/recognition/index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { sampledFrames } from './frameSampling.ts';
import type { RecognitionRecipe } from './recognitionRecipe.ts';

/**
 * The recogniser of a recipe.
 *
 * @param init - draws the weights; left out where they are filled afterwards
 */
export function recogniserOf(recipe: RecognitionRecipe, init = new Initializer(null)): Recogniser {
  const { model, data, hierarchical } = recipe;
  const taxonomy = taxonomyOf(recipe);
  const frames = sampledFrames(data.sampling);
  const common = { classes: taxonomy.actions.length, parts: hierarchical ? partsOf(taxonomy) : undefined };
  switch (model.kind) {
    case 'c3d':
      return makeRecogniser({ ...model, ...common, frames, pixels: data.sizePixels }, init);
    case 'i3d':
    case 'slowfast':
      return makeRecogniser({ ...model, ...common, frames }, init);
    default:
      return makeRecogniser({ ...model, ...common, segments: frames }, init);
  }
}

// ---- below: internals ----

/** The body part of each action, counted over those that have actions. */
function partsOf({ actions, bodyParts }: Taxonomy): number[] {
  const used = bodyParts.filter(({ code }) => actions.some(({ bodyPart }) => bodyPart === code));
  return actions.map(({ bodyPart }) => used.findIndex(({ code }) => code === bodyPart));
}
