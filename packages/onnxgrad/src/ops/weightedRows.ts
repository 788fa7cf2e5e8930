import { apply, type Operation } from '../graph/operation.ts';
import { full, requireDType, requireFloat, requireRank, requireShape } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { add, multiply } from './elementwise.ts';
import { gather, range, scatterAdd } from './gather.ts';
import { matmul } from './matmul.ts';
import { expand, reshape } from './shape.ts';

/**
 * y_q = Σ_m w_qm v_i(q,m)    dv_r = Σ w_qm dy_q over all q, m with i(q,m) = r    dw_qm = dy_q · v_i(q,m)
 *
 * A sparse matrix [Q, R] times v, forward by gathering the few rows; dv is its transpose times dy. Adding rows at
 * indices costs the engine some 14 ns an element, so unless the matrix is very wide it is quicker to write it out (only
 * its Q M entries are added at indices) and to multiply.
 */
const weightedRowsOperation: Operation<null> = {
  name: 'weightedRows',
  gradient: (dy, { inputs: [values, indices, weights] }) => {
    const [batch, queries, features] = dy.shape;
    const dots = matmul(rowsOf(values, indices), reshape(dy, [batch, queries, features, 1]));
    return [valuesGradient(dy, values, indices, weights), null, reshape(dots, weights.shape)];
  },
  decompose: ({ inputs: [values, indices, weights], outputs: [y] }) => {
    const [batch, queries, terms] = weights.shape;
    return reshape(matmul(reshape(weights, [batch, queries, 1, terms]), rowsOf(values, indices)), y.shape);
  },
};

/**
 * Weighted sums of rows: what sampling at fractional places comes down to.
 *
 * @param values - [B, R, D]
 * @param indices - of rows, 0 to R − 1, int64: [B, Q, M]
 * @param weights - [B, Q, M]
 * @returns [B, Q, D]
 */
export function weightedRows(values: Tensor, indices: Tensor, weights: Tensor): Tensor {
  requireFloat('weightedRows', 'values', values);
  requireRank('weightedRows', 'values', values, 3);
  requireRank('weightedRows', 'indices', indices, 3);
  requireDType('weightedRows', 'indices', indices, 'int64');
  requireDType('weightedRows', 'weights', weights, values.dtype);
  const [batch, , features] = values.shape;
  const [, queries, terms] = indices.shape;
  requireShape('weightedRows', 'indices', indices, [batch, queries, terms]);
  requireShape('weightedRows', 'weights', weights, indices.shape);
  const type = { dtype: values.dtype, shape: [batch, queries, features] };
  return apply(weightedRowsOperation, [values, indices, weights], null, type);
}

// ---- below: internals ----

/** [B, R, D] at [B, Q, M] → [B, Q, M, D] */
function rowsOf(values: Tensor, indices: Tensor): Tensor {
  const [batch, rows, features] = values.shape;
  return gather(reshape(values, [batch * rows, features]), add(indices, starts(batch, rows)), 0);
}

/** Where each batch begins when all rows stand below each other. → [B, 1, 1] */
const starts = (batch: number, rows: number): Tensor => reshape(range(batch, { step: rows }), [batch, 1, 1]);

function valuesGradient(dy: Tensor, values: Tensor, indices: Tensor, weights: Tensor): Tensor {
  const [batch, rows, features] = values.shape;
  const [, queries, terms] = indices.shape;
  if (rows <= 256 * terms && batch * queries * rows <= 2 ** 24) {
    const nothing = expand(full([], 0, dy.dtype), [batch, queries, rows]);
    return matmul(scatterAdd(nothing, indices, weights, 2), dy, { transposeA: true });
  }
  const updates = multiply(reshape(dy, [batch, queries, 1, features]), reshape(weights, [batch, queries, terms, 1]));
  const places = reshape(add(indices, starts(batch, rows)), [-1, 1]);
  const nothing = expand(full([], 0, dy.dtype), [batch * rows, features]);
  const count = batch * queries * terms;
  const added = scatterAdd(nothing, expand(places, [count, features]), reshape(updates, [count, features]), 0);
  return reshape(added, values.shape);
}
