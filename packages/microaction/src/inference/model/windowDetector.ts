import { type CompileOptions, compile, input, type Program } from 'onnxgrad';
import { freeze } from 'onnxgrad/nn';
import type { VideoDetector } from '../../models/detection/index.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import { ProgramCache } from '../../training/programCache.ts';
import type { DetectionRecipe } from '../../training/recipe.ts';
import { denseProposals, type ProposedData } from '../denseProposals.ts';
import type { DenseProposals } from '../suppression/index.ts';
import { windowMask } from '../windows.ts';
import { explaining } from './engineFailure.ts';
import { taxonomyOf } from './trainedModel.ts';

/** A trained network that finds actions in windows of a video. */
export interface WindowDetector extends AsyncDisposable {
  /** By which it was made, and how videos are to be given to it. */
  readonly recipe: DetectionRecipe;
  readonly taxonomy: Taxonomy;
  /** What it was loaded from, for people. */
  readonly source: string;
  /**
   * What it says of one window.
   *
   * @param frames - [3, length, size, size], red, green, blue, 0 to 255; `length` is one of the recipe's buckets
   * @param steps - how many of them are of the video
   */
  propose(frames: Uint8Array, steps: number, length: number): Promise<DenseProposals>;
}

/** How the engine is to run it. */
export type EngineOptions = Pick<CompileOptions, 'device' | 'threads'>;

/** The smallest bucket of a recipe that holds a window of so many steps. */
export const filledTo = ({ data }: DetectionRecipe, steps: number): number =>
  data.bucketSteps.find((bucket) => bucket >= steps) ?? data.windowSteps;

/** A model in memory as a detector: a program is compiled for each length of windows when it is first met. */
export function compiledDetector(
  model: VideoDetector,
  { recipe, source, ...engine }: { readonly recipe: DetectionRecipe; readonly source: string } & EngineOptions,
): WindowDetector {
  freeze(model);
  const programs = new ProgramCache<Program<keyof ProposedData>>(programsKept);
  return {
    recipe,
    source,
    taxonomy: taxonomyOf(recipe),
    async propose(frames, steps, length) {
      const { sizePixels } = recipe.data;
      return explaining(source, async () => {
        const program = await programs.get(String(length), () => compile(proposed(model, length, sizePixels), engine));
        return proposalsOf(program, frames, steps, length);
      });
    },
    [Symbol.asyncDispose]: () => programs[Symbol.asyncDispose](),
  };
}

/** What a program of one window computes. Inputs: `frames` [1, 3, length, size, size], `mask` [1, length]. */
export function proposed(model: VideoDetector, length: number, sizePixels: number) {
  const frames = input('frames', [1, 3, length, sizePixels, sizePixels], 'uint8');
  return { ...model.propose(frames, input('mask', [1, length])) };
}

/** Runs a program that computes `proposed`. */
export async function proposalsOf(
  program: Program,
  frames: Uint8Array,
  steps: number,
  length: number,
): Promise<DenseProposals> {
  const { segments, scores, valid } = await program.run({ frames, mask: windowMask(steps, length) });
  return denseProposals({ segments, scores, valid })[0];
}

// ---- below: internals ----

/** Each holds its own copy of the weights, and what it computes with. */
const programsKept = 3;
