import type { TensorData } from 'onnxgrad';
import { type LoadReport, loadState, stateOf } from 'onnxgrad/nn';
import { WeightsError } from 'onnxgrad/weights';
import { unusedWeights } from '../backbones/index.ts';
import { inflated } from './inflate.ts';
import { type WeightLayout, weightLayouts } from './weightLayouts.ts';

/** What a file gave a recogniser. */
export interface RecogniserWeights {
  /** How the file names its weights, in words. */
  readonly layout: string;
  /** How many tensors were filled. */
  readonly loaded: number;
  /** Names of tensors of the model that stay as they were. */
  readonly fresh: readonly string[];
  /** Names of weights of the model with more inputs than in the file: those that another pathway brings in begin with 0. */
  readonly widened: readonly string[];
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
  return load(model, tensors, { allowMissing: () => uncounted, mayDrop: () => false, inflates: false });
}

/**
 * Fills a new recogniser with what a file has for it: a recogniser for other classes or of another kind, such as TSM
 * for MANet, or a backbone alone, such as torchvision's ResNet-50. Networks over clips take those over pictures too,
 * inflated. The head stays new where it has none that fits, and so do gates of channels, and all that brings SlowFast's
 * fast pathway in where the file has no such pathway.
 *
 * @throws WeightsError `mismatch`, listing all that does not fit of the backbone; nothing is changed then
 */
export function loadInitialRecogniser(model: object, tensors: ReadonlyMap<string, TensorData>): RecogniserWeights {
  const state = stateOf(model);
  const isOther = (name: string, { shape }: TensorData) => String(state.get(name)?.shape) !== String(shape);
  return load(model, tensors, {
    allowMissing: (names) =>
      names.some((name) => name.includes('.fast_path.'))
        ? /^cls_head\.|num_batches_tracked$|^backbone\.pos_embed$/
        : /^cls_head\.|\.fcce\.|\.fast_path\.|_lateral\.|num_batches_tracked$|^backbone\.(pos_embed$|fc_norm\.)/,
    mayDrop: (name, tensor) =>
      (name.startsWith('cls_head.') && isOther(name, tensor)) ||
      (/\.fcce\.|_lateral\.bn\./.test(name) && !state.has(name)),
    inflates: true,
  });
}

// ---- below: internals ----

/** Old files do not have them: nothing here counts, and the table of positions is fixed. */
const uncounted = /num_batches_tracked$|^backbone\.pos_embed$/;

interface Allowance {
  /** By the names in the file, as they are in the model. */
  readonly allowMissing: (names: readonly string[]) => RegExp;
  readonly mayDrop: (name: string, tensor: TensorData) => boolean;
  /** Whether weights of a network over pictures become those of one over clips. */
  readonly inflates: boolean;
}

function load(
  model: object,
  tensors: ReadonlyMap<string, TensorData>,
  { allowMissing, mayDrop, inflates }: Allowance,
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
    else fitting.set(name, layout.reorder?.(published, tensor, inFile) ?? tensor);
  }
  const { tensors: fitted, widened } = inflates ? inflated(fitting, state) : { tensors: fitting, widened: [] };
  const { missing }: LoadReport = loadState(model, fitted, { allowMissing: allowMissing([...fitted.keys()]) });
  const fresh = missing.filter((name) => !uncounted.test(name));
  return { layout: layout.name, loaded: fitted.size, fresh, widened, dropped };
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
