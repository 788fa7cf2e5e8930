import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { WeightsError } from 'onnxgrad/weights';
import { openWeights } from 'onnxgrad/weights/node';
import { UserError } from '../../errors.ts';
import { fileError } from '../../files/fileError.ts';
import { type LabelVectors, labelVectors, storedLabelVectors } from './wordVectors.ts';

/**
 * Reads the vectors of labels: a matrix of a row each (`.npy`, `.npz`, `.safetensors`, `.pth`, such as the
 * `1214_new_mean_Vectors.npy` of MANet's authors), or a text file of word vectors to make them of, of any size.
 *
 * @throws UserError that names the file, what was found and what was expected
 */
export async function readLabelVectors(path: string, labels: readonly string[]): Promise<LabelVectors> {
  if (!/\.(npy|npz|safetensors|pth|pt)$/i.test(path)) return fromText(path, labels);
  try {
    await using file = await openWeights(path);
    return { vectors: storedLabelVectors(await file.readAll(), labels.length, path), unknown: [] };
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    throw new UserError(error.code, error.message.includes(path) ? error.message : `${path}: ${error.message}`);
  }
}

// ---- below: internals ----

async function fromText(path: string, labels: readonly string[]): Promise<LabelVectors> {
  try {
    await (await open(path)).close(); // a stream would tell too late
  } catch (error) {
    throw fileError(error, path, 'read');
  }
  const stream = createReadStream(path, 'utf8');
  try {
    return await labelVectors(createInterface({ input: stream, crlfDelay: Infinity }), labels, path);
  } finally {
    stream.destroy();
  }
}
