import type { TensorData } from 'onnxgrad';
import { WeightsError } from 'onnxgrad/weights';
import { openWeights } from 'onnxgrad/weights/node';
import { UserError } from '../errors.ts';

/**
 * What becomes of the tensors in a file of weights, of any format; averaged ones where it has both.
 *
 * @throws UserError naming the file, for one that cannot be read and for tensors that do not fit
 */
export async function usingWeights<T>(path: string, use: (tensors: ReadonlyMap<string, TensorData>) => T): Promise<T> {
  try {
    await using file = await openWeights(path, { prefer: 'ema' });
    return use(await file.readAll());
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    const message = error.message.includes(path) ? error.message : `${path}: ${error.message}`;
    throw new UserError(error.code, message, { cause: error });
  }
}
