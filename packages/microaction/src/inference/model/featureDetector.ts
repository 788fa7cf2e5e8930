import { compile, input, type Program } from 'onnxgrad';
import { freeze } from 'onnxgrad/nn';
import type { ActionFormer } from '../../models/detection/index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { ProgramCache } from '../../training/programCache.ts';
import type { DetectionRecipe } from '../../training/recipe.ts';
import { denseProposals, type ProposedData } from '../denseProposals.ts';
import { type DenseProposals, type Proposals, suppressWindows, windowCandidates } from '../suppression/index.ts';
import { windowMask } from '../windows.ts';
import { explaining } from './engineFailure.ts';
import { type FeatureWindow, featureWindows } from './storedFeatures.ts';
import { suppressionOf, taxonomyOf } from './trainedModel.ts';
import type { EngineOptions } from './windowDetector.ts';

/** A trained network that finds actions in stored features of videos. */
export interface FeatureDetector extends AsyncDisposable {
  readonly recipe: DetectionRecipe;
  readonly taxonomy: Taxonomy;
  /** What it says of one window. */
  propose(window: FeatureWindow): Promise<DenseProposals>;
}

/** A model in memory as a detector: a program is compiled for each length of windows when it is first met. */
export function compiledFeatureDetector(
  model: ActionFormer,
  { recipe, source, ...engine }: { readonly recipe: DetectionRecipe; readonly source: string } & EngineOptions,
): FeatureDetector {
  freeze(model);
  const programs = new ProgramCache<Program<keyof ProposedData>>(programsKept);
  return {
    recipe,
    taxonomy: taxonomyOf(recipe),
    async propose({ input: features, inputShape: [channels, length], validSteps }) {
      return explaining(source, async () => {
        const program = await programs.get(String(length), () => {
          const given = input('features', [1, channels, length]);
          return compile({ ...model.propose(given, input('mask', [1, length])) }, engine);
        });
        return denseProposals(await program.run({ features, mask: windowMask(validSteps, length) }))[0];
      });
    },
    [Symbol.asyncDispose]: () => programs[Symbol.asyncDispose](),
  };
}

/**
 * All that a trained network says of a video by its stored features.
 *
 * @returns as `proposalsInVideo`
 */
export async function proposalsInFeatures(
  path: string,
  detector: FeatureDetector,
  video: { readonly durationSeconds: number; readonly frameRate: number },
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Proposals<Float64Array>> {
  const { durationSeconds, frameRate } = video;
  const { minScore, maxCandidates } = detector.recipe.evaluation;
  const found: Proposals<Float64Array>[] = [];
  for await (const window of featureWindows(path, detector.recipe, frameRate)) {
    const dense = await detector.propose(window);
    signal?.throwIfAborted();
    found.push(windowCandidates(dense, { grid: window.grid, durationSeconds, minScore, maxCandidates }));
  }
  return suppressWindows(found, { suppression: suppressionOf(detector.recipe) });
}

// ---- below: internals ----

const programsKept = 3;
