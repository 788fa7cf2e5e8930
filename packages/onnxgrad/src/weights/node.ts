import { fileSource } from './fileSource.ts';
import { type OpenOptions, openWeights as openSource } from './openWeights.ts';
import type { WeightsFile } from './weightsFile.ts';

export { fileSource } from './fileSource.ts';
export { type SaveOptions, saveWeights } from './saveWeights.ts';

/**
 * Opens a file of weights of any size: safetensors, `.npy`, `.npz` or a PyTorch checkpoint, told by content. Numbers
 * are read when asked for; the file stays open until it is closed.
 *
 * @throws WeightsError `no-such-file`, `is-folder`, `cannot-read`, and what `openWeights` of `onnxgrad/weights` throws
 */
export async function openWeights(path: string, options: OpenOptions = {}): Promise<WeightsFile> {
  const source = await fileSource(path);
  try {
    return await openSource(source, options);
  } catch (error) {
    await source.close?.();
    throw error;
  }
}
