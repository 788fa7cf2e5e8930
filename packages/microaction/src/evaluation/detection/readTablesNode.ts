import { stat } from 'node:fs/promises';
import { fileError } from '../../files/fileError.ts';
import { readBytes } from '../../files/readBytes.ts';
import { type ReadDatasetOptions, readDataset } from '../../files/readDataset.ts';
import type { Taxonomy } from '../../taxonomy/taxonomy.ts';
import {
  type DetectionTable,
  type PredictionOptions,
  type PredictionTable,
  predictionsOfDataset,
  type TruthOptions,
  truthOfDataset,
} from './detectionTable.ts';
import { holdsKey, predictionsOfOpenTad, truthOfOpenTad } from './openTad.ts';

/**
 * The truth at a path, in any format (see `readDataset`); OpenTAD documents row by row and in their own order, as the
 * reference reads them. Labels that the taxonomy knows by another name get its own.
 *
 * @throws UserError `no-such-file`, `too-large`, `bad-annotations` ...
 */
export async function readTruthTable(
  path: string,
  options: ReadDatasetOptions & TruthOptions,
): Promise<DetectionTable> {
  const json = await openTadBytes(path, 'database', options);
  if (json) return canonical(truthOfOpenTad(json, path, options), options.taxonomy);
  return truthOfDataset((await readDataset(path, options)).dataset, path, options);
}

/** The predictions at a path; see `readTruthTable`. OpenTAD documents may hold up to 2 GiB, others 256 MiB. */
export async function readPredictionTable(
  path: string,
  options: ReadDatasetOptions & PredictionOptions,
): Promise<PredictionTable> {
  const json = await openTadBytes(path, 'results', options);
  if (json) return canonical(predictionsOfOpenTad(json, path, options), options.taxonomy);
  return predictionsOfDataset((await readDataset(path, options)).dataset, path, options);
}

// ---- below: internals ----

/** What `readFile` and one typed array are sure to hold. */
const largestBytes = 2 ** 31 - 1;

/** The content of an OpenTAD document with this key; undefined for anything else. */
async function openTadBytes(
  path: string,
  key: 'database' | 'results',
  { format, signal }: ReadDatasetOptions,
): Promise<Uint8Array | undefined> {
  if (format !== undefined && format !== 'opentad') return undefined;
  const found = await stat(path).catch((error) => {
    throw fileError(error, path, 'read');
  });
  if (found.isDirectory()) return undefined;
  const bytes = await readBytes(path, { largestBytes, signal });
  return holdsKey(bytes, key) ? bytes : undefined;
}

/** With the taxonomy's names for the labels it knows; the others stay, and are ignored or missed when scored. */
function canonical<T extends DetectionTable>(table: T, taxonomy: Taxonomy): T {
  return { ...table, labels: table.labels.map((label) => taxonomy.find(label)?.name ?? label) };
}
