import type { TensorData } from 'onnxgrad';
import { type LoadReport, loadState, stateOf } from 'onnxgrad/nn';
import { WeightsError } from 'onnxgrad/weights';
import { unusedWeights } from '../backbones/index.ts';
import { type WeightLayout, weightLayouts } from './weightLayouts.ts';

/** What a file gave a recogniser. */
export interface RecogniserWeights {
  /** How the file names its weights, in words. */
  readonly layout: string;
  /** How many tensors were filled. */
  readonly loaded: number;
  /** Names of tensors of the model that stay as they were. */
  readonly fresh: readonly string[];
  /** Names in the file of what was left out: weights that nothing uses, the classifier of other classes. */
  readonly dropped: readonly string[];
}

/**
 * Loads a trained recogniser, whole: as MANet's authors and mmaction2 publish it, or as it was saved here. Names may
 * have `module.` before them, numbers may be in half precision.
 *
 * @throws WeightsError `mismatch`, listing all that is missing, unexpected (and which missing name it is like) or of
 *   another shape; nothing is changed then
 */
export function loadRecogniser(model: object, tensors: ReadonlyMap<string, TensorData>): RecogniserWeights {
  return load(model, tensors, { allowMissing: uncounted, mayDrop: () => false });
}

/**
 * Fills a new recogniser with what a file has for it: a recogniser for other classes or of another kind, such as TSM
 * for MANet, or a backbone alone, such as torchvision's ResNet-50. The head stays new where it has none that fits, and
 * so do gates of channels.
 *
 * @throws WeightsError `mismatch`, listing all that does not fit of the backbone; nothing is changed then
 */
export function loadInitialRecogniser(model: object, tensors: ReadonlyMap<string, TensorData>): RecogniserWeights {
  const state = stateOf(model);
  const isOther = (name: string, { shape }: TensorData) => String(state.get(name)?.shape) !== String(shape);
  return load(model, tensors, {
    allowMissing: /^cls_head\.|\.fcce\.|num_batches_tracked$/,
    mayDrop: (name, tensor) =>
      (name.startsWith('cls_head.') && isOther(name, tensor)) || (name.includes('.fcce.') && !state.has(name)),
  });
}

// ---- below: internals ----

/** Old files do not have it, and nothing here counts. */
const uncounted = /num_batches_tracked$/;

interface Allowance {
  readonly allowMissing: RegExp;
  readonly mayDrop: (name: string, tensor: TensorData) => boolean;
}

function load(
  model: object,
  tensors: ReadonlyMap<string, TensorData>,
  { allowMissing, mayDrop }: Allowance,
): RecogniserWeights {
  const state = stateOf(model);
  const inFile = new Map(Array.from(tensors, ([name, tensor]) => [name.replace(/^module\./, ''), tensor]));
  const layout = layoutOf(new Set(inFile.keys()));
  const fitting = new Map<string, TensorData>();
  const dropped: string[] = [];
  for (const [published, tensor] of inFile) {
    const renamed = layout.rename(published);
    const name = renamed && withShift(renamed, state);
    if (!name || unusedWeights.test(name) || mayDrop(name, tensor)) dropped.push(published);
    else if (fitting.has(name))
      throw new WeightsError('mismatch', `two tensors of the file are ${name}: ${published} is one`);
    else fitting.set(name, tensor);
  }
  const { missing }: LoadReport = loadState(model, fitting, { allowMissing });
  return { layout: layout.name, loaded: fitting.size, fresh: missing.filter((name) => !uncounted.test(name)), dropped };
}

function layoutOf(names: ReadonlySet<string>): WeightLayout {
  const layout = weightLayouts.find(({ recognises }) => recognises(names));
  if (layout) return layout;
  const some = [...names].slice(0, 4).join(', ');
  const known = weightLayouts.map(({ name }) => name).join('; ');
  throw new WeightsError(
    'mismatch',
    `these are no weights of a recogniser: found ${names.size} tensors (${some}, ...); expected one of: ${known}`,
  );
}

/** A convolution that sees neighbouring frames lies one step deeper than one that does not. */
function withShift(name: string, state: ReadonlyMap<string, unknown>): string {
  if (state.has(name)) return name;
  const [inner, outer] = [name.replace(/\.conv\.weight$/, '.conv.net.weight'), name.replace('.conv.net.', '.conv.')];
  return [inner, outer].find((other) => state.has(other)) ?? name;
}
