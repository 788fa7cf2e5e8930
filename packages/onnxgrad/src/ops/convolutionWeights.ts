import type { Tensor } from '../graph/tensor.ts';
import { type Shape, sizeOf } from '../graph/tensorData.ts';
import type { Convolution } from './convolution.ts';
import { channelsFirst, columns, inGroups, isColumnar } from './convolutionForms.ts';
import { matmul } from './matmul.ts';
import { sum } from './reduce.ts';
import { concat, reshape, slice, transpose } from './shape.ts';
import { isApart, padded, places, tap, type Window } from './windows.ts';

/** dw = Σ over windows of dy xᵀ: a matrix product for each place in the window, over all batches at once or each. */
export function weightGradient(x: Tensor, dy: Tensor, { windows, groups }: Convolution): Tensor {
  const counts = dy.shape.slice(2);
  const [batch, outputs] = dy.shape;
  const inputsOfGroup = x.shape[1] / groups;
  const kernel = windows.map((window) => window.kernel);
  const shape = [outputs, inputsOfGroup, ...kernel];
  if (sizeOf(kernel) > 1 && isColumnar(dy, { windows, groups }, x.shape.slice(2))) {
    const elements = reshape(channelsFirst(x), [x.shape[1], -1]);
    const product = matmul(columns(dy, windows, x.shape.slice(2)), elements, { transposeB: true });
    const parts = places(windows).map((_, k) => slice(product, 0, k * outputs, (k + 1) * outputs));
    return reshape(
      concat(
        parts.map((part) => reshape(part, [outputs, inputsOfGroup, 1])),
        2,
      ),
      shape,
    );
  }
  // One product over all batches needs channels in front, which moves x and dy; one a batch makes products to be summed.
  const moved = sizeOf(counts) * (outputs + x.shape[1]);
  const summed = sizeOf(kernel) * outputs * inputsOfGroup;
  const isJoint = batch > 1 && moved < 3 * summed;
  const [from, to] = isJoint ? [channelsFirst(x), channelsFirst(dy)] : [x, dy];
  const rows = (t: Tensor) => (isJoint ? reshape(t, [groups, t.shape[0] / groups, -1]) : inGroups(t, groups));
  const product = (part: Tensor) => {
    const each = matmul(rows(to), part, { transposeB: true });
    return isJoint ? each : sum(each, 0);
  };
  if (sizeOf(kernel) > 1 && windows.every(isApart)) {
    return reshape(product(rows(patches(from, windows, counts, isJoint))), shape);
  }
  const wide = padded(from, windows);
  const taps = places(windows).map((place) => rows(tap(wide, windows, place, counts)));
  // Few channels would make slim products: then all places go into one. Single rows have a quick product of their own.
  if (inputsOfGroup < fewChannels && outputs > groups) {
    const axis = taps[0].shape.length - 1;
    const joined = concat(
      taps.map((t) => reshape(t, [...t.shape.slice(0, axis), 1, t.shape[axis]])),
      axis,
    );
    return reshape(product(reshape(joined, [...taps[0].shape.slice(0, axis - 1), -1, taps[0].shape[axis]])), shape);
  }
  return reshape(
    concat(
      taps.map((t) => reshape(product(t), [groups, outputs / groups, inputsOfGroup, 1])),
      3,
    ),
    shape,
  );
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
