import { requireDType, requireFloat, requireRank, requireShape } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { add, multiply } from './elementwise.ts';
import { type GridSampleOptions, linearTaps, samplePositions } from './gridSample.ts';
import { reshape, transpose } from './shape.ts';
import { weightedRows } from './weightedRows.ts';

/**
 * What deformable attention along time gathers: for each query and head, a weighted sum of values at a few fractional
 * places (Zhu et al. 2021, arXiv 2010.04159, along one axis as TadTR has it).
 *
 * @param values - [N, T, heads, D]
 * @param locations - from 0 to 1 over the T steps: [N, Q, heads, points]
 * @param weights - [N, Q, heads, points]
 * @returns [N, Q, heads · D]
 */
export function deformableAttention1d(
  values: Tensor,
  locations: Tensor,
  weights: Tensor,
  options: GridSampleOptions = {},
): Tensor {
  const name = 'deformableAttention1d';
  requireFloat(name, 'values', values);
  requireRank(name, 'values', values, 4);
  requireRank(name, 'locations', locations, 4);
  requireDType(name, 'locations', locations, values.dtype);
  requireDType(name, 'weights', weights, values.dtype);
  const [batch, steps, heads, features] = values.shape;
  const [, queries, , points] = locations.shape;
  requireShape(name, 'locations', locations, [batch, queries, heads, points]);
  requireShape(name, 'weights', weights, locations.shape);

  const perHead = (x: Tensor) => transpose(x, [0, 2, 1, 3]); // [N, heads, ..., ...]
  const grid = add(multiply(reshape(perHead(locations), [batch * heads, -1, 1]), 2), -1);
  const taps = linearTaps(samplePositions(grid, [steps], options), [steps], options); // [N·heads, Q·points, 2]
  const shares = multiply(taps.weights, reshape(perHead(weights), [batch * heads, -1, 1]));
  const perQuery = (x: Tensor) => reshape(x, [batch * heads, queries, points * 2]);
  const rows = reshape(perHead(values), [batch * heads, steps, features]);
  const sums = weightedRows(rows, perQuery(taps.indices), perQuery(shares)); // [N·heads, Q, D]
  return reshape(perHead(reshape(sums, [batch, heads, queries, features])), [batch, queries, heads * features]);
}
