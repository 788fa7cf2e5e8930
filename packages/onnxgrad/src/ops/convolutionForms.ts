import { scalar, type Tensor } from '../graph/tensor.ts';
import { type Shape, sizeOf } from '../graph/tensorData.ts';
import { type Convolution, convolved } from './convolution.ts';
import { add } from './elementwise.ts';
import { flip } from './flip.ts';
import { matmul } from './matmul.ts';
import { sum } from './reduce.ts';
import { concat, expand, pad, replaced, reshape, slice, transpose } from './shape.ts';
import { countsOf, padded, places, reachOf, tap, type Window } from './windows.ts';

// A convolution, its transpose and the gradient of its weights, arranged from what ONNX Runtime is quick at.
// Throughout, G groups: x is [N, I, ...lengths], y [N, O, ...counts], weight [O, I / G, ...kernel].

/** y = x ∗ w as one matrix product for every place in the window: for types that have no kernel for convolution. */
export function throughTaps(x: Tensor, weight: Tensor, { windows, groups }: Convolution): Tensor {
  const counts = countsOf('convolution', x, windows);
  const [outputs, inputsOfGroup] = weight.shape;
  const wide = padded(x, windows);
  const matrices = reshape(weight, [groups, outputs / groups, inputsOfGroup, -1]);
  const products = places(windows).map((place, position) => {
    const matrix = reshape(slice(matrices, 3, position, position + 1), matrices.shape.slice(0, 3));
    return matmul(matrix, inGroups(tap(wide, windows, place, counts), groups));
  });
  return reshape(products.reduce(add), [x.shape[0], outputs, ...counts]);
}

/** x = y ∗ᵀ w: what flows back into the input of a convolution. */
export function throughTransposed(y: Tensor, weight: Tensor, { windows, groups }: Convolution, lengths: Shape): Tensor {
  if (windows.every(isApart)) return throughPatches(y, weight, { windows, groups }, lengths);
  const strided = windows.findIndex(({ stride }) => stride > 1);
  return strided >= 0
    ? throughPhases(y, weight, { windows, groups }, lengths, strided)
    : throughFlipped(y, weight, { windows, groups }, lengths);
}

/** dw = Σ over windows of dy xᵀ: a matrix product for each place in the window, over all batches at once or each. */
export function weightGradient(x: Tensor, dy: Tensor, { windows, groups }: Convolution): Tensor {
  const counts = dy.shape.slice(2);
  const [batch, outputs] = dy.shape;
  const inputsOfGroup = x.shape[1] / groups;
  const kernel = windows.map((window) => window.kernel);
  const shape = [outputs, inputsOfGroup, ...kernel];
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
  // Few channels would make slim products: then all places go into one.
  if (inputsOfGroup < fewChannels) {
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

/** [N, C, ...] → [C, N, ...] */
const channelsFirst = (x: Tensor): Tensor => transpose(x, [1, 0, ...[...x.shape.keys()].slice(2)]);

/** Whether no two windows read the same element. */
const isApart = ({ kernel, stride, dilation }: Window): boolean => kernel === 1 || (dilation === 1 && kernel <= stride);

/** [N, C, ...spatial] → [N, G, C / G, S] */
const inGroups = (x: Tensor, groups: number): Tensor =>
  reshape(x, [x.shape[0], groups, x.shape[1] / groups, sizeOf(x.shape.slice(2))]);

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

/** Windows that lie apart: one matrix product, and each result is put in its place. */
function throughPatches(y: Tensor, weight: Tensor, { windows, groups }: Convolution, lengths: Shape): Tensor {
  const [batch, outputs, ...counts] = y.shape;
  const channels = weight.shape[1] * groups;
  const matrix = reshape(weight, [groups, outputs / groups, -1]);
  const product = matmul(
    groups === 1 ? reshape(matrix, [outputs, -1]) : matrix,
    groups === 1 ? reshape(y, [batch, outputs, -1]) : inGroups(y, groups),
    {
      transposeA: true,
    },
  );
  const rank = windows.length;
  const order = windows.flatMap((_, axis) => [2 + rank + axis, 2 + axis]);
  const apart = reshape(product, [batch, channels, ...windows.map(({ kernel }) => kernel), ...counts]);
  let spread = transpose(apart, [0, 1, ...order]);
  for (const [axis, { kernel, stride }] of windows.entries()) spread = pad(spread, 3 + 2 * axis, 0, stride - kernel);
  const whole = reshape(spread, [batch, channels, ...windows.map(({ stride }, axis) => counts[axis] * stride)]);
  return padded(
    whole,
    windows.map((window, axis) => ({
      ...window,
      before: -window.before,
      after: window.before + lengths[axis] - counts[axis] * window.stride,
    })),
  );
}

/** Without strides: a convolution by the weights read backwards, inputs and outputs in each other's place. */
function throughFlipped(y: Tensor, weight: Tensor, { windows, groups }: Convolution, lengths: Shape): Tensor {
  const [outputs, inputsOfGroup, ...kernel] = weight.shape;
  const grouped = reshape(weight, [groups, outputs / groups, inputsOfGroup, sizeOf(kernel)]);
  const swapped = reshape(flip(transpose(grouped, [0, 2, 1, 3]), 3), [
    inputsOfGroup * groups,
    outputs / groups,
    ...kernel,
  ]);
  return convolved(y, swapped, {
    groups,
    windows: windows.map((window, axis) => {
      const before = reachOf(window) - 1 - window.before;
      return { ...window, before, after: lengths[axis] - 1 + reachOf(window) - y.shape[axis + 2] - before };
    }),
  });
}

/**
 * Every stride-th element of x along an axis, from each of the first `stride` on, sees a part of the weights, and
 * those without strides: so many convolutions without the zeros of a spread-out y, and their results interleaved.
 */
function throughPhases(
  y: Tensor,
  weight: Tensor,
  { windows, groups }: Convolution,
  lengths: Shape,
  axis: number,
): Tensor {
  const { kernel, stride, dilation, before } = windows[axis];
  const count = Math.ceil((before + lengths[axis]) / stride);
  const phases = Array.from({ length: stride }, (_, phase) => {
    // Element q stride + phase is reached from window q − (t dilation − phase) / stride by place t, where that is whole.
    const taps = Array.from({ length: kernel }, (_, t) => t).filter((t) => (t * dilation - phase) % stride === 0);
    const shape = [y.shape[0], weight.shape[1] * groups, ...replaced(lengths, axis, count)];
    if (taps.length === 0) return expand(scalar(0, y.dtype), shape);
    const step = taps.length > 1 ? taps[1] - taps[0] : 1;
    const window: Window = {
      kernel: taps.length,
      stride: 1,
      dilation: (step * dilation) / stride,
      before: -(taps[0] * dilation - phase) / stride,
      after: 0,
    };
    return throughTransposed(
      y,
      slice(weight, axis + 2, taps[0], (taps.at(-1) as number) + 1, step),
      {
        groups,
        windows: windows.map((other, position) =>
          position === axis ? (taps.length > 1 ? window : { ...window, dilation: 1 }) : other,
        ),
      },
      replaced(lengths, axis, count),
    );
  });
  const at = axis + 3;
  const apart = phases.map((phase) => reshape(phase, [...phase.shape.slice(0, at), 1, ...phase.shape.slice(at)]));
  const whole = reshape(concat(apart, at), replaced(phases[0].shape, axis + 2, count * stride));
  return slice(whole, axis + 2, before, before + lengths[axis]);
}
