import { numpyArgsort } from './numpyArgsort.ts';

/**
 * How equal scores are ranked. `numpy`: as the reversed `numpy.argsort` of the Python references does, which is
 * what their published numbers rest on. `stable`: what comes earlier in the file ranks higher.
 */
export type Ties = 'numpy' | 'stable';

/** Indices of `scores` from the highest to the lowest; no score may be NaN. */
export function descendingOrder(scores: Float64Array | Float32Array, ties: Ties = 'numpy'): Int32Array {
  if (ties === 'numpy') return numpyArgsort(scores).reverse();
  const order = new Int32Array(scores.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => scores[b] - scores[a] || a - b);
}
