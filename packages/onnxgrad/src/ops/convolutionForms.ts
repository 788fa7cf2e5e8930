import { constant, scalar, type Tensor } from '../graph/tensor.ts';
import { type Shape, sizeOf } from '../graph/tensorData.ts';
import { type Convolution, convolved } from './convolution.ts';
import { add } from './elementwise.ts';
import { matmul } from './matmul.ts';
import { concat, expand, pad, replaced, reshape, slice, transpose } from './shape.ts';
import { countsOf, isApart, padded, places, reachOf, spreadOut, tap, type Window } from './windows.ts';

// A convolution and its transpose, arranged from what ONNX Runtime is quick at.
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

/**
 * x = y ∗ᵀ w: what flows back into the input of a convolution. Of x, every stride-th element from each of the first
 * `stride` on is an ordinary convolution of y by a part of the weights read backwards; these phases are interleaved.
 */
export function throughTransposed(y: Tensor, weight: Tensor, { windows, groups }: Convolution, lengths: Shape): Tensor {
  if (windows.every(({ kernel }) => kernel === 1)) return throughPoints(y, weight, { windows, groups }, lengths);
  if (windows.every(isApart)) return throughPatches(y, weight, { windows, groups }, lengths);
  const turned = inputsFirst(weight, groups);
  const phases = windows.map((window, axis) => phasesOf(window, lengths[axis], y.shape[axis + 2]));
  const made = (chosen: readonly Phase[]): Tensor => {
    if (chosen.some(({ taps }) => taps.length === 0)) {
      return expand(scalar(0, y.dtype), [y.shape[0], turned.shape[0], ...chosen.map(({ count }) => count)]);
    }
    const taps = chosen.map((phase) => phase.taps);
    return convolved(y, chosenTaps(turned, taps), { groups, windows: chosen.map(({ window }) => window) });
  };
  return interleaved(phases, windows, lengths, [], made);
}

/**
 * Whether a convolution with windows of several elements is quicker as a product with `columns`: for many small planes,
 * which leave the engine's own products slim.
 */
export const isColumnar = (x: Tensor, { windows, groups }: Convolution, counts: Shape): boolean =>
  groups === 1 && x.shape[0] > 1 && sizeOf(counts) <= smallPlane && windows.some(({ kernel }) => kernel > 1);

/** What each window reads of x, by channel and place in the window: [N, I, ...lengths] → [I K, N S], S windows. */
export function columns(x: Tensor, windows: readonly Window[], counts: Shape): Tensor {
  const wide = padded(channelsFirst(x), windows);
  const taps = places(windows).map((place) => tap(wide, windows, place, counts));
  return reshape(stacked(taps, 1), [-1, x.shape[0] * sizeOf(counts)]);
}

/** y = x ∗ w as one product for all batches and places in the window. */
export function throughColumns(x: Tensor, weight: Tensor, windows: readonly Window[], counts: Shape): Tensor {
  const [outputs] = weight.shape;
  const product = matmul(reshape(weight, [outputs, -1]), columns(x, windows, counts));
  return channelsFirst(reshape(product, [outputs, x.shape[0], ...counts]));
}

/** Tensors of one shape, side by side along a new axis. */
export const stacked = (parts: readonly Tensor[], axis: number): Tensor =>
  concat(
    parts.map((part) => reshape(part, part.shape.toSpliced(axis, 0, 1))),
    axis,
  );

/** [N, C, ...] → [C, N, ...] */
export const channelsFirst = (x: Tensor): Tensor => transpose(x, [1, 0, ...[...x.shape.keys()].slice(2)]);

/** [N, C, ...spatial] → [N, G, C / G, S] */
export const inGroups = (x: Tensor, groups: number): Tensor =>
  reshape(x, [x.shape[0], groups, x.shape[1] / groups, sizeOf(x.shape.slice(2))]);

// ---- below: internals ----

/** Elements in a plane up to which one product over all batches is worth that channels are moved to the front and back. */
const smallPlane = 64;

/** Windows of one element: a matrix product, and each result is put in its place. */
function throughPoints(y: Tensor, weight: Tensor, { windows, groups }: Convolution, lengths: Shape): Tensor {
  const [batch, outputs, ...counts] = y.shape;
  const channels = weight.shape[1] * groups;
  let x: Tensor;
  if (groups === 1 && batch > 1 && sizeOf(counts) <= smallPlane) {
    const columns = reshape(channelsFirst(y), [outputs, -1]);
    const product = matmul(reshape(weight, [outputs, channels]), columns, { transposeA: true });
    x = channelsFirst(reshape(product, [channels, batch, ...counts]));
  } else {
    const steady = windows.map((window) => ({ ...window, stride: 1, before: 0, after: 0 }));
    x = convolved(y, inputsFirst(weight, groups), { windows: steady, groups });
  }
  return windows.reduce(
    (spread, { stride, before }, axis) => spreadOut(spread, axis + 2, stride, before, lengths[axis]),
    x,
  );
}

/** Windows that lie apart: one matrix product, and each result is put in its place. */
function throughPatches(y: Tensor, weight: Tensor, { windows, groups }: Convolution, lengths: Shape): Tensor {
  const [batch, outputs, ...counts] = y.shape;
  const matrix = reshape(weight, [groups, outputs / groups, -1]);
  const product = matmul(matrix, inGroups(y, groups), { transposeA: true });
  const rank = windows.length;
  const order = windows.flatMap((_, axis) => [2 + rank + axis, 2 + axis]);
  const channels = weight.shape[1] * groups;
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

/** [O, I / G, ...kernel] → [I, O / G, ...kernel] */
function inputsFirst(weight: Tensor, groups: number): Tensor {
  if (groups === 1) return channelsFirst(weight);
  const [outputs, inputsOfGroup, ...kernel] = weight.shape;
  const grouped = reshape(weight, [groups, outputs / groups, inputsOfGroup, ...kernel]);
  const order = [0, 2, 1, ...kernel.map((_, axis) => axis + 3)];
  return reshape(transpose(grouped, order), [inputsOfGroup * groups, outputs / groups, ...kernel]);
}

/** What every stride-th element of x sees along one axis. */
interface Phase {
  /** The places in the kernel, backwards. */
  readonly taps: readonly number[];
  /** How they slide over y. */
  readonly window: Window;
  /** Elements of x. */
  readonly count: number;
}

function phasesOf({ kernel, stride, dilation, before }: Window, length: number, counts: number): Phase[] {
  // Without strides no element is made that padding would cut off again.
  const first = stride === 1 ? before : 0;
  const count = stride === 1 ? length : Math.ceil((before + length) / stride);
  return Array.from({ length: stride }, (_, phase): Phase => {
    // Place t of window q − (t dilation − phase) / stride lies on element q stride + phase, where that is whole.
    const rising = Array.from({ length: kernel }, (_, t) => t).filter((t) => (t * dilation - phase) % stride === 0);
    const step = rising.length > 1 ? ((rising[1] - rising[0]) * dilation) / stride : 1;
    const window = { kernel: rising.length, stride: 1, dilation: step, before: 0, after: 0 };
    if (rising.length === 0) return { taps: [], window, count };
    const reach = reachOf(window);
    const ahead = reach - 1 + (rising[0] * dilation - phase) / stride - first;
    const behind = count - 1 + reach - counts - ahead;
    return { taps: rising.reverse(), window: { ...window, before: ahead, after: behind }, count };
  });
}

/** Weights at chosen places only, in that order: a product with a matrix of ones and zeros is the quickest way. */
function chosenTaps(weight: Tensor, taps: readonly (readonly number[])[]): Tensor {
  const [outputs, inputs, ...kernel] = weight.shape;
  if (taps.every((chosen, axis) => chosen.length === kernel[axis] && chosen.every((t, i) => t === i))) return weight;
  const flat = taps.reduce<number[]>(
    (places, chosen, axis) => places.flatMap((place) => chosen.map((t) => place * kernel[axis] + t)),
    [0],
  );
  const size = sizeOf(kernel);
  const values = new Uint8Array(size * flat.length);
  for (const [column, row] of flat.entries()) values[row * flat.length + column] = 1;
  const choice = constant(values, { shape: [size, flat.length], dtype: weight.dtype });
  return reshape(matmul(reshape(weight, [outputs * inputs, size]), choice), [
    outputs,
    inputs,
    ...taps.map((chosen) => chosen.length),
  ]);
}

/** All combinations of one phase an axis, made and put in each other's gaps. */
function interleaved(
  phases: readonly (readonly Phase[])[],
  windows: readonly Window[],
  lengths: Shape,
  chosen: readonly Phase[],
  make: (chosen: readonly Phase[]) => Tensor,
): Tensor {
  const axis = chosen.length;
  if (axis === phases.length) return make(chosen);
  const parts = phases[axis].map((phase) => interleaved(phases, windows, lengths, [...chosen, phase], make));
  const [{ shape }] = parts;
  if (parts.length === 1) return parts[0];
  const at = axis + 3;
  const apart = parts.map((part) => reshape(part, [...shape.slice(0, at), 1, ...shape.slice(at)]));
  const { before, stride } = windows[axis];
  const whole = reshape(concat(apart, at), replaced(shape, axis + 2, shape[axis + 2] * stride));
  return slice(whole, axis + 2, before, before + lengths[axis]);
}
