import { join } from 'node:path';
import { arrayFrom, fromHalf, isFloat, numbersOf, type TensorData, toHalf } from 'onnxgrad';
import { openWeights } from 'onnxgrad/weights/node';
import type { Tensors } from './compare.ts';
import type { GoldenCase } from './goldenCase.ts';
import type { CheckpointNames, Results } from './runners/runner.ts';
import { trainedWeights } from './trainedWeights.ts';

/**
 * Reads a PyTorch checkpoint beside the weights that it must hold, number by number: rounded to float16 where it stores
 * that, and after the step of its optimizer where it has made one. Names may have a prefix in common, as models inside
 * of models have.
 *
 * @param averaged - whether its moving average is read too, which must be half of every weight
 * @throws Error where it lacks a weight, or has one that the reference has not
 */
export async function readCheckpoint(
  folder: string,
  file: string,
  { weights: initial, outputs }: Pick<GoldenCase, 'weights' | 'outputs'>,
  { rename = (name) => name, mayLack }: CheckpointNames = {},
  averaged = false,
): Promise<Results> {
  const trained = await trainedWeights(join(folder, file), initial, outputs);
  const weights = trained ?? initial;
  const [computed, expected] = [new Map<string, TensorData>(), new Map<string, TensorData>()];
  for (const prefer of averaged ? (['weights', 'ema'] as const) : (['weights'] as const)) {
    await using checkpoint = await openWeights(join(folder, file), { prefer });
    const found = await checkpoint.readAll();
    const prefix = commonPrefix(found, weights, rename);
    const part = prefer === 'ema' ? 'average of ' : '';
    for (const [name, tensor] of found) {
      const official = rename(name.slice(prefix.length));
      if (official === undefined) continue;
      const golden = weights.get(official);
      if (!golden) throw new Error(`it holds ${JSON.stringify(name)}, which the reference has not`);
      computed.set(part + official, tensor);
      expected.set(part + official, asStored(golden, tensor, prefer === 'ema' ? 0.5 : 1));
    }
    const lacking = [...weights.keys()].filter((name) => !computed.has(part + name) && !mayLack?.test(name));
    if (lacking.length > 0) throw new Error(`it lacks ${lacking.length} weights, ${lacking[0]} among them`);
  }
  return { computed, expected, tolerance: trained ? '1e-6 relative' : 'exact' };
}

// ---- below: internals ----

/** What most names begin with that are then names of the reference. */
function commonPrefix(found: Tensors, weights: Tensors, rename: (name: string) => string | undefined): string {
  const votes = new Map<string, number>();
  for (const name of found.keys()) {
    for (let start = 0; start >= 0; start = nextPart(name, start)) {
      const official = rename(name.slice(start));
      if (official === undefined || !weights.has(official)) continue;
      const prefix = name.slice(0, start);
      votes.set(prefix, (votes.get(prefix) ?? 0) + 1);
      break;
    }
  }
  return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best), ['', 0])[0];
}

const nextPart = (name: string, start: number): number => name.indexOf('.', start) + 1 || -1;

/** A golden weight times a factor, as a file of the type of `stored` would hold it. Whole numbers are not averaged. */
function asStored(golden: TensorData, stored: TensorData, factor: number): TensorData {
  if (!isFloat(golden.dtype)) return golden;
  const numbers = numbersOf(golden).map((value) => Math.fround(value * factor));
  const data = stored.dtype === 'float16' ? numbers.map((value) => fromHalf(toHalf(value))) : numbers;
  return { dtype: 'float64', shape: golden.shape, data: arrayFrom('float64', data) };
}
