import { type TensorData, writeNpy } from 'onnxgrad/weights';
import { writeAtomically } from '../../files/writeAtomically.ts';
import { PartialResults } from '../model/partialResults.ts';

/** What was recognised in a clip, or why it could not be looked at. */
export type ClipScores = { readonly id: string } & (
  | { readonly probabilities: readonly number[]; readonly skipped?: undefined }
  | { readonly skipped: string }
);

/** Keeps scores of clips until all are there; see `PartialResults`. */
export const openScores = (path: string, made: string): Promise<PartialResults<ClipScores>> =>
  PartialResults.open(path, made);

/**
 * Writes the scores of clips as `.npy`, float32 [clips, classes], which evaluation and submission take: a row for each clip,
 * in order. A clip that could not be looked at has the same score for all classes, since a row for it there must be.
 *
 * @param ids - of the clips, in order; all have results
 */
export async function writeScores(
  path: string,
  results: PartialResults<ClipScores>,
  {
    ids,
    classes,
    signal,
  }: { readonly ids: readonly string[]; readonly classes: number; readonly signal?: AbortSignal },
): Promise<void> {
  const rowOf = new Map(ids.map((id, row) => [id, row]));
  const data = new Float32Array(ids.length * classes).fill(1 / classes);
  for await (const { id, ...rest } of results.all()) {
    const row = rowOf.get(id);
    if (row !== undefined && 'probabilities' in rest) data.set(rest.probabilities, row * classes);
  }
  const table: TensorData = { dtype: 'float32', shape: [ids.length, classes], data };
  await writeAtomically(path, writeNpy(table), { signal });
  await results.remove();
}
