import { fail } from '../graph/shapes.ts';
import { constant, scalar, type Tensor } from '../graph/tensor.ts';
import { type Shape, shown } from '../graph/tensorData.ts';
import { matmul } from './matmul.ts';
import { expand, interleave, pad, replaced, slice } from './shape.ts';

/** How a window slides along one axis: what convolution and pooling share. */
export interface Window {
  /** Elements that it reads. */
  readonly kernel: number;
  /** Elements from one window to the next. */
  readonly stride: number;
  /** Elements from one that it reads to the next. */
  readonly dilation: number;
  /** Elements that the axis is made longer by; negative ones make it shorter. */
  readonly before: number;
  readonly after: number;
}

/** One number for all axes, or one an axis. */
export type PerAxis = number | readonly number[];

/** Elements added on both sides: one number for all axes, or for each axis one number or [before, after]. */
export type PaddingPerAxis = number | readonly (number | readonly [before: number, after: number])[];

export interface WindowOptions {
  readonly stride?: PerAxis;
  readonly padding?: PaddingPerAxis;
  readonly dilation?: PerAxis;
}

/** The windows of `kernel`, one an axis, from options as the outside gives them. */
export function windowsOf(operation: string, kernel: Shape, options: WindowOptions): Window[] {
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const rank = kernel.length;
  const kernels = perAxis(operation, 'kernel', kernel, rank, 1);
  const strides = perAxis(operation, 'stride', stride, rank, 1);
  const dilations = perAxis(operation, 'dilation', dilation, rank, 1);
  const pairs = typeof padding === 'number' ? Array.from({ length: rank }, () => padding) : padding;
  const isPair = (pair: number | readonly number[]) => typeof pair === 'number' || pair.length === 2;
  if (pairs.length !== rank || !pairs.every(isPair)) {
    fail(operation, 'padding', `is ${JSON.stringify(padding)}`, `a number, or ${rank} numbers or pairs`);
  }
  const before = perAxis(operation, 'padding', pairs.map(firstOf), rank, 0);
  const after = perAxis(operation, 'padding', pairs.map(secondOf), rank, 0);
  return kernels.map((length, axis) => ({
    kernel: length,
    stride: strides[axis],
    dilation: dilations[axis],
    before: before[axis],
    after: after[axis],
  }));
}

/** Whole numbers from `least` up, one an axis. */
export function perAxis(operation: string, argument: string, given: PerAxis, rank: number, least: number): number[] {
  const values = typeof given === 'number' ? Array.from({ length: rank }, () => given) : [...given];
  if (values.length !== rank || !values.every((value) => Number.isInteger(value) && value >= least)) {
    const expected = `a whole number from ${least} up, or ${rank} of them`;
    fail(operation, argument, `is ${typeof given === 'number' ? given : shown(values)}`, expected);
  }
  return values;
}

/** Whether no two windows read the same element. */
export const isApart = ({ kernel, stride, dilation }: Window): boolean =>
  kernel === 1 || (dilation === 1 && kernel <= stride);

/** Elements from the first to behind the last that a window reads. */
export const reachOf = ({ kernel, dilation }: Window): number => dilation * (kernel - 1) + 1;

/** How many windows fit along an axis of some length. */
export const countOf = (window: Window, length: number): number =>
  Math.floor((length + window.before + window.after - reachOf(window)) / window.stride) + 1;

/** How many windows fit along each axis. x: [N, C, ...spatial] */
export function countsOf(operation: string, { shape }: Tensor, windows: readonly Window[]): number[] {
  return windows.map((window, axis) => {
    const length = shape[axis + 2];
    const count = countOf(window, length);
    if (count >= 1) return count;
    const padded = length + window.before + window.after;
    return fail(
      operation,
      'x',
      `has shape ${shown(shape)}, ${padded} elements with padding along axis ${axis + 2}`,
      `at least the ${reachOf(window)} that one window covers`,
    );
  });
}

/** Lengthens (or, where negative, shortens) the spatial axes as windows ask for. x: [N, C, ...spatial] */
export function padded(x: Tensor, windows: readonly Window[], value = 0): Tensor {
  return windows.reduce((result, { before, after }, position) => {
    const axis = position + 2;
    const length = result.shape[axis];
    const cut = slice(result, axis, Math.max(0, -before), length - Math.max(0, -after));
    return pad(cut, axis, Math.max(0, before), Math.max(0, after), value);
  }, x);
}

/** What every window reads at one place in it. x: [N, C, ...spatial], padded → [N, C, ...counts] */
export function tap(x: Tensor, windows: readonly Window[], place: readonly number[], counts: Shape): Tensor {
  // The last axis first: its cuts, of short rows, are the dear ones, and places that differ in other axes share them.
  return windows.reduceRight((result, { stride, dilation }, axis) => {
    const start = place[axis] * dilation;
    return slice(result, axis + 2, start, start + (counts[axis] - 1) * stride + 1, stride);
  }, x);
}

/** Element i of an axis goes to place i stride − before of `length` ones, if there is one; zeros stay between. */
export function spreadOut(x: Tensor, axis: number, stride: number, before: number, length: number): Tensor {
  const count = x.shape[axis];
  if (stride === 1 && before === 0 && count === length) return x;
  // Where neighbours in memory have to go apart, a product is quicker than moving them one by one.
  if (stride > 1 && axis === x.shape.length - 1 && count * length <= mostMatrixElements) {
    const values = new Uint8Array(count * length);
    for (let i = 0; i < count; i++) {
      const place = i * stride - before;
      if (place >= 0 && place < length) values[i * length + place] = 1;
    }
    return matmul(x, constant(values, { shape: [count, length], dtype: x.dtype }));
  }
  const spread = interleave(x, axis, stride);
  const [from, to] = [Math.max(0, before), Math.min(spread.shape[axis], before + length)];
  if (from >= to) return expand(scalar(0, x.dtype), replaced(x.shape, axis, length));
  return pad(slice(spread, axis, from, to), axis, from - before, before + length - to);
}

/** All places in a window, the last axis fastest: [0, 0], [0, 1], … */
export const places = (windows: readonly Window[]): number[][] =>
  windows.reduce<number[][]>(
    (found, { kernel }) => found.flatMap((place) => Array.from({ length: kernel }, (_, i) => [...place, i])),
    [[]],
  );

// ---- below: internals ----

/** A product with a larger matrix costs more than to move numbers about. */
const mostMatrixElements = 1 << 12;

const firstOf = (pair: number | readonly number[]): number => (typeof pair === 'number' ? pair : pair[0]);
const secondOf = (pair: number | readonly number[]): number => (typeof pair === 'number' ? pair : pair[1]);
