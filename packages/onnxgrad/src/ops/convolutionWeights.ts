import type { Tensor } from '../graph/tensor.ts';
import { type Shape, sizeOf } from '../graph/tensorData.ts';
import type { Convolution } from './convolution.ts';
import { channelsFirst, columns, inGroups, isColumnar, stacked } from './convolutionForms.ts';
import { matmul } from './matmul.ts';
import { sum } from './reduce.ts';
import { reshape, slice, transpose } from './shape.ts';
import { isApart, padded, places, spreadOut, tap, type Window } from './windows.ts';

/** dw = Σ over windows of dy xᵀ: a product of matrices for each place in the window, or one for all of them. */
export function weightGradient(x: Tensor, dy: Tensor, convolution: Convolution): Tensor {
  const { windows, groups } = convolution;
  const kernel = windows.map((window) => window.kernel);
  const shape = [dy.shape[1], x.shape[1] / groups, ...kernel];
  const counts = dy.shape.slice(2);
  if (isColumnar(x, convolution, counts)) {
    const dyRows = reshape(channelsFirst(dy), [dy.shape[1], -1]);
    return reshape(matmul(dyRows, columns(x, windows, counts), { transposeB: true }), shape);
  }
  // One product over all batches needs channels in front, which moves x and dy; one a batch makes products to be summed.
  const moved = sizeOf(counts) * (dy.shape[1] + x.shape[1]);
  const isJoint = x.shape[0] > 1 && moved < 3 * sizeOf(shape);
  const from = isJoint ? channelsFirst(x) : x;
  const of = isJoint ? channelsFirst(dy) : dy;
  const rows = (t: Tensor) => (isJoint ? reshape(t, [groups, t.shape[0] / groups, -1]) : inGroups(t, groups));
  const product = (dyRows: Tensor, xRows: Tensor) => {
    const products = matmul(dyRows, xRows, { transposeB: true });
    return isJoint ? products : sum(products, 0);
  };
  const isPoint = sizeOf(kernel) === 1;
  if (!isPoint && windows.every(isApart)) {
    return reshape(product(rows(of), rows(patches(from, windows, counts, isJoint))), shape);
  }
  // Few channels would make slim products: then all places go into one. Single rows have a quick product of their own.
  if (isPoint || (shape[1] < fewChannels && shape[0] > groups)) {
    const wide = padded(from, windows);
    const taps = places(windows).map((place) => rows(tap(wide, windows, place, counts)));
    const [{ shape: each }] = taps;
    const all = reshape(stacked(taps, each.length - 1), [...each.slice(0, -2), -1, each[each.length - 1]]);
    return reshape(product(rows(of), all), shape);
  }
  // Along the last axis x is cut for each place; along others without strides dy is moved instead, which both together
  // takes fewer cuts than there are places.
  const last = windows.length - 1;
  const isMoved = windows.map(({ stride }, axis) => axis < last && stride === 1);
  const cuts = windows.map((window, axis) =>
    isMoved[axis] ? { ...window, dilation: 0, before: 0, after: 0 } : window,
  );
  const lengths = counts.map((count, axis) => (isMoved[axis] ? x.shape[axis + 2] : count));
  const wide = padded(from, cuts);
  const products = places(windows).map((place) => {
    const moved = windows.reduce(
      (t, { before, dilation }, axis) =>
        isMoved[axis] ? spreadOut(t, axis + 2, 1, before - place[axis] * dilation, lengths[axis]) : t,
      of,
    );
    return product(rows(moved), rows(tap(wide, cuts, place, lengths)));
  });
  return reshape(stacked(products, 3), shape);
}

// ---- below: internals ----

const fewChannels = 16;

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
