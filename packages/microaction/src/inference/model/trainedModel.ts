import { Initializer } from 'onnxgrad/nn';
import { ActionFormer, VideoDetector } from '../../models/detection/index.ts';
import { microActions52 } from '../../taxonomy/microActions52.ts';
import { Taxonomy } from '../../taxonomy/taxonomy.ts';
import type { CommonRecipe, DetectionRecipe } from '../../training/recipe.ts';
import type { SuppressionOptions } from '../suppression/index.ts';

/** The actions that a recipe's model tells apart; class k is the action at position k in its `actions`. */
export const taxonomyOf = ({ taxonomy }: Pick<CommonRecipe, 'taxonomy'>): Taxonomy =>
  taxonomy ? new Taxonomy(taxonomy) : microActions52;

/**
 * The detector of a recipe: of pictures where it has a backbone, of stored features otherwise.
 *
 * @param init - draws the weights; left out where they are filled afterwards
 */
export function detectorOf(recipe: DetectionRecipe, init = new Initializer(null)): VideoDetector | ActionFormer {
  const { backbone, adapter, tuned, data, normalisation } = recipe;
  const detector = { ...recipe.detector, classes: taxonomyOf(recipe).actions.length };
  if (data.features) return new ActionFormer({ ...detector, inputs: data.features.channels }, init);
  if (!backbone) throw new Error('a recipe has a backbone or features: parseRecipe sees to it');
  const adapted = { ...backbone, adapter: adapter ?? undefined };
  return new VideoDetector({ backbone: adapted, detector, tuned, normalisation }, init);
}

/** How what is found in the windows of a video becomes its instances. */
export const suppressionOf = ({ evaluation }: DetectionRecipe): SuppressionOptions => ({
  method: { kind: 'gaussian', sigma: evaluation.sigma },
  minScore: evaluation.keptScore,
  maxCount: evaluation.maxInstances,
});
