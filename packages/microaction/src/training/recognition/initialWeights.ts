import { WeightsError } from 'onnxgrad/weights';
import { openWeights } from 'onnxgrad/weights/node';
import { UserError } from '../../errors.ts';
import { loadInitialRecogniser, type Recogniser, type RecogniserWeights } from '../../models/recognition/index.ts';

/**
 * Fills a new recogniser with published weights, or with those of a run: as MANet's authors, mmaction2, torchvision or
 * PySlowFast name them. What has another form in the head stays new.
 *
 * @throws UserError `mismatch` listing every weight that does not fit, and what reading the file gives; nothing is changed
 *   then
 */
export async function loadInitialWeights(model: Recogniser, path: string): Promise<RecogniserWeights> {
  try {
    await using file = await openWeights(path, { prefer: 'ema' });
    return loadInitialRecogniser(model, await file.readAll());
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    const message = error.message.includes(path) ? error.message : `${path}: ${error.message}`;
    throw new UserError(error.code, message, { cause: error });
  }
}
