import { usingWeights } from '../../files/usingWeights.ts';
import { loadInitialRecogniser, type Recogniser, type RecogniserWeights } from '../../models/recognition/index.ts';

/**
 * Fills a new recogniser with published weights, or with those of a run: as MANet's authors, mmaction2, torchvision or
 * PySlowFast name them. What has another form in the head stays new.
 *
 * @throws UserError `mismatch` listing every weight that does not fit, and what reading the file gives; nothing is changed
 *   then
 */
export async function loadInitialWeights(model: Recogniser, path: string): Promise<RecogniserWeights> {
  return usingWeights(path, (tensors) => loadInitialRecogniser(model, tensors));
}
