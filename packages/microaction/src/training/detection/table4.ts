import { adapterParameters, backboneParameters } from '../../models/catalogue.ts';
import { type DetectionRecipe, parseRecipe } from '../recipe.ts';
import { adapterNames } from './detectionRecipe.ts';

/** What table 4 of the MMAD paper compares: how a backbone is taken over from what it was trained for. */
export const table4Settings = ['snippet', 'full', 'standard', 'tia', 'dsta'] as const;

export type Table4Setting = (typeof table4Settings)[number];

/** A row of table 4 as it is printed. mAP is that of actions in percent, averaged over tIoU 0.1 to 0.9. */
export interface Table4Row {
  readonly title: string;
  /** Parameters of the backbone that are trained, in units of 2^20; null where there are none. */
  readonly tunedParameters: number | null;
  readonly map: number;
  /** Over features of snippets; null for those themselves. */
  readonly gain: number | null;
}

/** MMAD (Li et al., arXiv 2407.05311), table 4: VideoMAE-S on MMA-52. */
export const publishedTable4: Readonly<Record<Table4Setting, Table4Row>> = {
  snippet: { title: 'snippet features', tunedParameters: null, map: 10.6, gain: null },
  full: { title: 'full fine-tuning', tunedParameters: 20.89, map: 15.4, gain: 4.8 },
  standard: { title: 'standard adapter', tunedParameters: 0.85, map: 15.87, gain: 5.27 },
  tia: { title: 'TIA (AdaTAD)', tunedParameters: 0.96, map: 16.25, gain: 5.65 },
  dsta: { title: 'DSTA', tunedParameters: 1.8, map: 18.16, gain: 7.56 },
};

/**
 * The recipe of one setting: that of the table, but for what is trained of the backbone. Snippets stand where frames are
 * read, so that windows are the same.
 *
 * @param recipe - with a backbone
 */
export function recipeOfSetting(recipe: DetectionRecipe, setting: Table4Setting): DetectionRecipe {
  const { backbone, data } = recipe;
  if (!backbone) throw new Error('recipeOfSetting: the recipe has no backbone');
  const { width, clipFrames = 16 } = backbone;
  const features = { channels: width, strideFrames: data.frameStride, offsetFrames: clipFrames / 2 };
  const parts = {
    snippet: { backbone: null, adapter: null, tuned: 'nothing', data: { ...data, features } },
    full: { adapter: null, tuned: 'all' },
    standard: { adapter: adapterNames.standard, tuned: 'adapters' },
    tia: { adapter: adapterNames.tia, tuned: 'adapters' },
    dsta: { adapter: adapterNames.dsta, tuned: 'adapters' },
  } as const;
  const name = `${recipe.name}, ${publishedTable4[setting].title}`;
  return parseRecipe({ ...recipe, ...parts[setting], task: 'detection', name }, name);
}

/** How many parameters of the backbone a recipe trains. */
export function tunedParametersOf({ backbone, adapter, tuned }: DetectionRecipe): number {
  if (!backbone || tuned === 'nothing') return 0;
  const own = tuned === 'all' ? backboneParameters(backbone) : 0;
  return own + (adapter ? adapterParameters(backbone, adapter) : 0);
}
