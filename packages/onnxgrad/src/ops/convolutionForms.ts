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

/** dw = Σ over windows of dy xᵀ, one matrix product for each place in the window. */
export function weightGradient(x: Tensor, dy: Tensor, { windows, groups }: Convolution): Tensor {
  const counts = dy.shape.slice(2);
  const rows = inGroups(dy, groups);
  const kernel = windows.map((window) => window.kernel);
  const product = (part: Tensor) => sum(matmul(rows, inGroups(part, groups), { transposeB: true }), 0);
  const shape = [dy.shape[1], x.shape[1] / groups, ...kernel];
  if (windows.every(isApart)) return reshape(product(patches(x, windows, counts)), shape);
  const wide = padded(x, windows);
  const parts = places(windows).map((place) => product(tap(wide, windows, place, counts)));
  return reshape(
    concat(
      parts.map((part) => reshape(part, [...part.shape, 1])),
      3,
    ),
    shape,
  );
}

// ---- below: internals ----

/** Whether no two windows read the same element. */
const isApart = ({ kernel, stride, dilation }: Window): boolean => kernel === 1 || (dilation === 1 && kernel <= stride);

/** [N, C, ...spatial] → [N, G, C / G, S] */
const inGroups = (x: Tensor, groups: number): Tensor =>
  reshape(x, [x.shape[0], groups, x.shape[1] / groups, sizeOf(x.shape.slice(2))]);

/** Windows that lie apart, cut out: [N, C, ...lengths] → [N, C K, ...counts], K places in a window. */
function patches(x: Tensor, windows: readonly Window[], counts: Shape): Tensor {
  const exact = windows.map(({ kernel, stride, before }, axis) => ({
    before,
    after: counts[axis] * stride - x.shape[axis + 2] - before,
    kernel,
    stride,
  }));
  const [batch, channels] = x.shape;
  let cut = reshape(padded(x, exact as unknown as Window[]), [
    batch,
    channels,
    ...exact.flatMap(({ stride }, axis) => [counts[axis], stride]),
  ]);
  for (const [axis, { kernel }] of exact.entries()) cut = slice(cut, 3 + 2 * axis, 0, kernel);
  const [across, within] = [exact.map((_, axis) => 2 + 2 * axis), exact.map((_, axis) => 3 + 2 * axis)];
  return reshape(transpose(cut, [0, 1, ...within, ...across]), [batch, -1, ...counts]);
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
  let apart = reshape(product, [batch, channels, ...windows.map(({ kernel }) => kernel), ...counts]);
  for (const [axis, { kernel, stride }] of windows.entries()) apart = pad(apart, 2 + axis, 0, stride - kernel);
  const rank = windows.length;
  const order = windows.flatMap((_, axis) => [2 + rank + axis, 2 + axis]);
  const whole = reshape(transpose(apart, [0, 1, ...order]), [
    batch,
    channels,
    ...windows.map(({ stride }, axis) => counts[axis] * stride),
  ]);
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
