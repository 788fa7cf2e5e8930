import { Initializer } from 'onnxgrad/nn';
import { UserError } from '../../errors.ts';
import { VideoDetector } from '../../models/detection/index.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { Recipe } from '../../training/recipe.ts';

/** The actions that a recipe's model tells apart; class k is the action at position k in its `actions`. */
export const taxonomyOf = ({ taxonomy }: Recipe): Taxonomy => (taxonomy ? new Taxonomy(taxonomy) : microActions52);

/**
 * The model of a recipe, to be filled with weights.
 *
 * @param source - names the recipe in messages
 * @throws UserError `needs-features` for one that was trained from stored features
 */
export function modelOf(recipe: Recipe, source: string): VideoDetector {
  const { backbone, adapter, detector, tuned } = recipe;
  if (backbone === null) {
    throw new UserError(
      'needs-features',
      `${source}: ${recipe.name} was trained from stored features and sees no pictures; name a model with a backbone`,
    );
  }
  const classes = taxonomyOf(recipe).actions.length;
  const options = {
    backbone: { ...backbone, adapter: adapter ?? undefined },
    detector: { ...detector, classes },
    tuned,
  };
  return new VideoDetector(options, new Initializer(null));
}
