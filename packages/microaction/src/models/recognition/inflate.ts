import { numbersOf, type Shape, sizeOf, type TensorData } from 'onnxgrad';
import type { StateTensor } from 'onnxgrad/nn';

export interface Inflated {
  /** By the names of the model. */
  readonly tensors: ReadonlyMap<string, TensorData>;
  /** Weights of the model that have more inputs than the file: the further ones, from another pathway, begin with 0. */
  readonly widened: readonly string[];
}

/**
 * Weights of a network over pictures as those of one over clips: each kernel is repeated over time and divided by its
 * length, so that a clip whose frames are all alike is seen as its picture was (Carreira and Zisserman 2017, section 2.3).
 * Of SlowFast, the slow pathway is what is filled, so that it begins as if it were alone (as in mmaction2). What has its
 * shape already, and what fits nowhere, stays as it is.
 *
 * @param tensors - by mmaction2's names
 * @param state - of the model
 */
export function inflated(tensors: ReadonlyMap<string, TensorData>, state: ReadonlyMap<string, StateTensor>): Inflated {
  const widened: string[] = [];
  const fitting = Array.from(tensors, ([published, tensor]): [string, TensorData] => {
    const slow = published.replace(/^backbone\./, 'backbone.slow_path.').replace('.conv.net.', '.conv.');
    const name = !state.has(published) && state.has(slow) ? slow : published;
    const target = state.get(name);
    if (!target || !isFlat(tensor.shape, target.shape)) return [name, tensor];
    if (target.shape[1] > tensor.shape[1]) widened.push(name);
    return [name, repeated(tensor, target.shape)];
  });
  return { tensors: new Map(fitting), widened };
}

// ---- below: internals ----

/** Whether a kernel is of one frame, [outputs, inputs, (1,) height, width], where one over several is wanted. */
function isFlat(shape: Shape, wanted: Shape): boolean {
  if (wanted.length !== 5 || String(shape) === String(wanted)) return false;
  const picture = shape.length === 5 && shape[2] === 1 ? shape.toSpliced(2, 1) : shape;
  const [outputs, inputs, , height, width] = wanted;
  return picture[1] <= inputs && String(picture) === String([outputs, picture[1], height, width]);
}

function repeated(tensor: TensorData, shape: Shape): TensorData {
  const [outputs, inputs, frames, ...picture] = shape;
  const [pixels, known] = [sizeOf(picture), tensor.shape[1]];
  const source = numbersOf(tensor);
  const data = new Float32Array(sizeOf(shape));
  for (let pair = 0; pair < outputs * known; pair++) {
    const [output, channel] = [Math.floor(pair / known), pair % known];
    const kernel = source.subarray(pair * pixels, (pair + 1) * pixels).map((value) => value / frames);
    for (let frame = 0; frame < frames; frame++) {
      data.set(kernel, ((output * inputs + channel) * frames + frame) * pixels);
    }
  }
  return { dtype: 'float32', shape, data };
}
