import { fail, requireFloat } from '../graph/shapes.ts';
import { type Constant, constant, type Tensor } from '../graph/tensor.ts';
import { type FloatType, type Shape, shown } from '../graph/tensorData.ts';
import { alongAxis } from './alongAxis.ts';
import { gather } from './gather.ts';
import { concat, replaced, reshape, slice } from './shape.ts';
import { repeat } from './stack.ts';

const modes = ['nearest', 'linear', 'cubic'] as const;
export type ResizeMode = (typeof modes)[number];

export interface ResizeOptions {
  /** The new length of each spatial axis, in order. */
  readonly sizes: readonly number[];
  /** Linear unless given: bilinear over two axes, trilinear over three. */
  readonly mode?: ResizeMode;
  /** Whether the first and last samples stay where they are, rather than the outer edges; no unless told. Not for `nearest`. */
  readonly alignCorners?: boolean;
}

/**
 * Resizes the spatial axes by PyTorch's conventions (`interpolate` with sizes, without anti-aliasing): samples lie in
 * the middle of their cells, nearest takes the one at ⌊i in / out⌋, cubic has a = −0.75, and the border is repeated.
 * x: [N, C, ...spatial] → [N, C, ...sizes]; any element type for nearest, floats for the others.
 *
 * Linear and cubic are one product with an [out, in] matrix for each axis. That is as quick as the engine's own kernel up to
 * some hundred samples, several times slower for thousands; it has the exact gradient, any order of gradients, and
 * double precision.
 */
export function resize(x: Tensor, { sizes, mode = 'linear', alignCorners = false }: ResizeOptions): Tensor {
  checkSizes(x, sizes);
  if (!modes.includes(mode)) fail('resize', 'mode', `is ${JSON.stringify(mode)}`, modes.join(', '));
  if (mode !== 'nearest') requireFloat('resize', 'x', x);
  else if (alignCorners) fail('resize', 'alignCorners', 'is set', 'a mode of linear or cubic with it');
  const axes = sizes.map((size, i) => ({ axis: i + 2, size, growth: size / x.shape[i + 2] }));
  // What shrinks goes first, so that the rest has less to do.
  axes.sort((a, b) => a.growth - b.growth);
  return axes.reduce((result, { axis, size }) => {
    const length = result.shape[axis];
    if (size === length) return result;
    if (mode === 'nearest') return nearest(result, axis, size);
    return alongAxis(result, axis, interpolationMatrix(length, size, mode, alignCorners, x.dtype as FloatType));
  }, x);
}

/** Rows that say of which samples, by how much, each sample of a resized axis is made. → [out, in]. */
export function interpolationMatrix(
  from: number,
  to: number,
  mode: 'linear' | 'cubic',
  alignCorners: boolean,
  dtype: FloatType = 'float32',
): Constant {
  const matrix = new Float64Array(to * from);
  for (let i = 0; i < to; i++) {
    const position = alignCorners ? (to > 1 ? (i * (from - 1)) / (to - 1) : 0) : ((i + 0.5) * from) / to - 0.5;
    for (const [sample, weight] of taps(position, mode)) {
      matrix[i * from + Math.min(Math.max(sample, 0), from - 1)] += weight;
    }
  }
  return constant(matrix, { shape: [to, from], dtype });
}

// ---- below: internals ----

function checkSizes({ shape }: Tensor, sizes: Shape): void {
  const spatial = shape.length - 2;
  if (spatial < 1 || spatial > 3)
    fail('resize', 'x', `has shape ${shown(shape)}`, '[N, C, ...] and 1 to 3 spatial axes');
  if (sizes.length !== spatial || !sizes.every((size) => Number.isInteger(size) && size > 0)) {
    fail('resize', 'sizes', `are ${shown(sizes)}`, `${spatial} whole numbers above 0, for x of shape ${shown(shape)}`);
  }
  if (shape.slice(2).includes(0)) fail('resize', 'x', `has shape ${shown(shape)}`, 'spatial axes that are not empty');
}

function nearest(x: Tensor, axis: number, size: number): Tensor {
  const length = x.shape[axis];
  if (size % length === 0) return repeated(x, axis, size / length);
  if (length % size === 0) return slice(x, axis, 0, undefined, length / size);
  // PyTorch counts in single precision, which decides where i in / out is almost whole.
  const ratio = Math.fround(length / size);
  const sources = Array.from({ length: size }, (_, i) => Math.min(Math.floor(Math.fround(i * ratio)), length - 1));
  return gather(x, sources, axis);
}

/** Each element of an axis so many times in a row. */
function repeated(x: Tensor, axis: number, times: number): Tensor {
  if (times > 8) return repeat(x, times, axis);
  // Joining copies is several times as quick in ONNX Runtime as repeating along a short last axis.
  const single = reshape(x, [...x.shape.slice(0, axis + 1), 1, ...x.shape.slice(axis + 1)]);
  const copies = concat(
    Array.from({ length: times }, () => single),
    axis + 1,
  );
  return reshape(copies, replaced(x.shape, axis, x.shape[axis] * times));
}

/** Samples around a position and their weights; beyond the border, samples that stand for those at it. */
function taps(position: number, mode: 'linear' | 'cubic'): [sample: number, weight: number][] {
  const before = Math.floor(position);
  const offsets = mode === 'linear' ? [0, 1] : [-1, 0, 1, 2];
  return offsets.map((offset) => [before + offset, kernels[mode](Math.abs(position - before - offset))]);
}

/** Weights by distance in samples, within the reach of the taps. */
const kernels = {
  linear: (distance: number): number => 1 - distance,
  /** Keys 1981, with a = −0.75. */
  cubic: (distance: number): number => {
    const a = -0.75;
    if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
    return ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  },
};
