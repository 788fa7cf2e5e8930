import { apply, type Operation } from '../graph/operation.ts';
import { axesOf, requireFloat, sameShape } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Shape } from '../graph/tensorData.ts';
import { divide } from './elementwise.ts';
import { expand, reshape } from './shape.ts';

export interface ReduceOptions {
  /** Whether reduced axes stay, with length 1. */
  readonly keepAxes?: boolean;
}

interface Axes {
  readonly axes: readonly number[];
}

/** y = Σ x over axes    dx = dy at every place that was summed */
const sumOperation: Operation<Axes> = {
  name: 'sum',
  gradient: (dy, { inputs: [x] }) => [expand(dy, x.shape)],
  lower: (emit, [x], { attributes: { axes } }) => emit.node('ReduceSum', [x, emit.integers(axes)], { keepdims: 1 }),
};

/** Sum over axes, all of them unless given. */
export function sum(x: Tensor, axes?: number | readonly number[], { keepAxes = false }: ReduceOptions = {}): Tensor {
  const over = axesOf('sum', x, axes);
  const shape = x.shape.map((length, axis) => (over.includes(axis) ? 1 : length));
  const total = sameShape(shape, x.shape) ? x : apply(sumOperation, [x], { axes: over }, { dtype: x.dtype, shape });
  return keepAxes ? total : reshape(total, without(shape, over));
}

/** Mean over axes, all of them unless given. */
export function mean(x: Tensor, axes?: number | readonly number[], options: ReduceOptions = {}): Tensor {
  requireFloat('mean', 'x', x);
  const count = axesOf('mean', x, axes).reduce((product, axis) => product * x.shape[axis], 1);
  return divide(sum(x, axes, options), count);
}

/** Sums a gradient back to the shape its tensor had before it was broadcast. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const extra = x.shape.length - shape.length;
  const axes = x.shape.flatMap((length, axis) =>
    axis < extra || (shape[axis - extra] === 1 && length !== 1) ? [axis] : [],
  );
  return reshape(sum(x, axes, { keepAxes: true }), shape);
}

/** A shape without some of its axes. */
export const without = (shape: Shape, axes: readonly number[]): Shape =>
  shape.filter((_, axis) => !axes.includes(axis));
