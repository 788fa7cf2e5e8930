import { arrayFrom, numbersOf, type TensorData } from 'onnxgrad';
import { type LoadReport, loadState } from 'onnxgrad/nn';

/**
 * Loads the weights of a detector by the names of OpenTAD's checkpoints, without the `module.` before them (which
 * `openWeights` of onnxgrad takes off; it also finds the moving average: `{ prefer: 'ema' }`).
 *
 * @throws WeightsError `mismatch`, listing all that does not fit; nothing is changed then
 */
export function loadDetector(model: object, tensors: ReadonlyMap<string, TensorData>): LoadReport {
  return loadState(
    model,
    new Map(Array.from(tensors, ([name, tensor]) => [name, isCount(name) ? float(tensor) : tensor])),
  );
}

// ---- below: internals ----

/** Before the first step of training, and in averages, the running count is a whole number; afterwards it is none. */
const isCount = (name: string): boolean => name.endsWith('rpn_head.loss_normalizer');

const float = (tensor: TensorData): TensorData => ({
  dtype: 'float32',
  shape: tensor.shape,
  data: arrayFrom('float32', numbersOf(tensor)),
});
