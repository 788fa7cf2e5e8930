import type { Tensor } from '../graph/tensor.ts';
import { type Shape, sizeOf } from '../graph/tensorData.ts';
import type { Convolution } from './convolution.ts';
import { channelsFirst, columns, inGroups, isColumnar } from './convolutionForms.ts';
import { matmul } from './matmul.ts';
import { sum } from './reduce.ts';
import { concat, reshape, slice, transpose } from './shape.ts';
import { isApart, padded, places, tap, type Window } from './windows.ts';

/** dw = Σ over windows of dy xᵀ: a product of matrices for each place in the window, or one for all of them. */
export function weightGradient(x: Tensor, dy: Tensor, convolution: Convolution): Tensor {
  const { windows, groups } = convolution;
  const kernel = windows.map((window) => window.kernel);
  const shape = [dy.shape[1], x.shape[1] / groups, ...kernel];
  const counts = dy.shape.slice(2);
  const isPoint = sizeOf(kernel) === 1;
  if (!isPoint && isColumnar(dy, convolution, x.shape.slice(2))) return reshape(fromColumns(x, dy, windows), shape);
  // One product over all batches needs channels in front, which moves x and dy; one a batch makes products to be summed.
  const moved = sizeOf(counts) * (dy.shape[1] + x.shape[1]);
  const isJoint = x.shape[0] > 1 && moved < 3 * sizeOf(shape);
  const from = isJoint ? channelsFirst(x) : x;
  const rows = (t: Tensor) => (isJoint ? reshape(t, [groups, t.shape[0] / groups, -1]) : inGroups(t, groups));
  const dyRows = rows(isJoint ? channelsFirst(dy) : dy);
  const product = (xRows: Tensor) => {
    const products = matmul(dyRows, xRows, { transposeB: true });
    return isJoint ? products : sum(products, 0);
  };
  if (!isPoint && windows.every(isApart)) {
    return reshape(product(rows(patches(from, windows, counts, isJoint))), shape);
  }
  const wide = padded(from, windows);
  const taps = places(windows).map((place) => rows(tap(wide, windows, place, counts)));
  // Few channels would make slim products: then all places go into one. Single rows have a quick product of their own.
  if (shape[1] < fewChannels && shape[0] > groups) {
    const places = stacked(taps, taps[0].shape.length - 1);
    return reshape(
      product(reshape(places, [...taps[0].shape.slice(0, -2), -1, sizeOf(counts) * (isJoint ? x.shape[0] : 1)])),
      shape,
    );
  }
  return reshape(stacked(taps.map(product), 3), shape);
}

// ---- below: internals ----

const fewChannels = 16;

/** Where dy was laid out in columns for the gradient of x, the weights' is a product with the same. */
function fromColumns(x: Tensor, dy: Tensor, windows: readonly Window[]): Tensor {
  const outputs = dy.shape[1];
  const elements = reshape(channelsFirst(x), [x.shape[1], -1]);
  const product = matmul(columns(dy, windows, x.shape.slice(2)), elements, { transposeB: true });
  const parts = places(windows).map((_, k) => slice(product, 0, k * outputs, (k + 1) * outputs));
  return stacked(parts, 2);
}

/** Tensors of one shape, side by side along a new axis. */
const stacked = (parts: readonly Tensor[], axis: number): Tensor =>
  concat(
    parts.map((part) => reshape(part, part.shape.toSpliced(axis, 0, 1))),
    axis,
  );

/** Windows that lie apart, cut out: [N, C, ...lengths] → [N, C K, ...counts], K places in a window; or both with C in front. */
function patches(x: Tensor, windows: readonly Window[], counts: Shape, isJoint: boolean): Tensor {
  const exact = windows.map((window, axis) => ({
    ...window,
    after: counts[axis] * window.stride - x.shape[axis + 2] - window.before,
  }));
  const [first, second] = x.shape;
  const split = exact.flatMap(({ stride }, axis) => [counts[axis], stride]);
  let cut = reshape(padded(x, exact), [first, second, ...split]);
  for (const [axis, { kernel }] of exact.entries()) cut = slice(cut, 3 + 2 * axis, 0, kernel);
  const [across, within] = [exact.map((_, axis) => 2 + 2 * axis), exact.map((_, axis) => 3 + 2 * axis)];
  const order = isJoint ? [0, ...within, 1, ...across] : [0, 1, ...within, ...across];
  return reshape(transpose(cut, order), isJoint ? [-1, second, ...counts] : [first, -1, ...counts]);
}
