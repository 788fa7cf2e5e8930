import { apply, makeNode, type Operation, type Target } from '../graph/operation.ts';
import { axesOf, axisOf, fail, requireFloat, sameShape } from '../graph/shapes.ts';
import { scalar, type Tensor } from '../graph/tensor.ts';
import { type Shape, shown } from '../graph/tensorData.ts';
import { cast, equal, isFiniteNumber, where } from './compare.ts';
import { add, divide, exp, log, multiply, square, subtract } from './elementwise.ts';
import { scatterAdd } from './gather.ts';
import { expand, replaced, reshape } from './shape.ts';

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

/**
 * Mean square distance from the mean over axes, all of them unless given; `correction` is taken off the count (1: of a
 * sample).
 */
export function variance(
  x: Tensor,
  axes?: number | readonly number[],
  { correction = 0, ...options }: ReduceOptions & { readonly correction?: number } = {},
): Tensor {
  requireFloat('variance', 'x', x);
  const count = axesOf('variance', x, axes).reduce((product, axis) => product * x.shape[axis], 1);
  const centred = subtract(x, mean(x, axes, { keepAxes: true }));
  return divide(sum(square(centred), axes, options), Math.max(0, count - correction));
}

/** Largest number over axes, all of them unless given. Equal ones share the gradient evenly, as in PyTorch's `amax`. */
export const max = extremum('max', 'ReduceMax');

/**
 * Smallest number over axes, all of them unless given. Equal ones share the gradient evenly, as in PyTorch's `amin`.
 */
export const min = extremum('min', 'ReduceMin');

/** log Σ eˣ over axes, all of them unless given, without overflow; −∞ where all are, ∞ where one is.  dx = dy e^(x − y) */
export const logsumexp = reduction(
  'logsumexp',
  'ReduceLogSumExp',
  (dy, x, y) => multiply(dy, exp(subtract(x, finite(y)))),
  {
    // The kernel of ONNX Runtime for the processor takes three times as long as the parts.
    decompose: (x, axes, { device }) => {
      if (device !== 'cpu') return null;
      const outermost = max(x, axes, { keepAxes: true });
      const largest = where(isFiniteNumber(outermost), outermost, 0);
      return add(largest, log(sum(exp(subtract(x, largest)), axes, { keepAxes: true })));
    },
  },
);

/** √Σ x² over axes, all of them unless given.  dx = dy x / y, 0 where y = 0 */
export const norm = reduction('norm', 'ReduceL2', (dy, x, y) => multiply(x, divide(dy, where(equal(y, 0), 1, y))));

/** Where the largest number along an axis stands, the first of equal ones: int64. */
export const argmax = place('argmax', 'ArgMax');

/** Where the smallest number along an axis stands, the first of equal ones: int64. */
export const argmin = place('argmin', 'ArgMin');

interface Choice {
  readonly axis: number;
  readonly largest: boolean;
}

/** y = the k largest of x, in falling order    dx = dy where they came from */
const topKOperation: Operation<Choice> = {
  name: 'topK',
  gradient: (dy, { inputs: [x], outputs: [, indices], attributes: { axis } }) => [
    scatterAdd(expand(scalar(0, x.dtype), x.shape), indices, dy, axis),
  ],
  lower: (emit, [x], { attributes: { axis, largest }, outputs: [{ shape }] }) =>
    emit.nodes('TopK', [x, emit.integers([shape[axis]])], 2, { axis, largest: Number(largest), sorted: 1 }),
};

/** The `count` largest numbers along an axis in falling order (or smallest, rising), and where they stand: int64. */
export function topK(
  x: Tensor,
  count: number,
  axis = -1,
  { largest = true }: { readonly largest?: boolean } = {},
): { values: Tensor; indices: Tensor } {
  const along = axisOf('topK', x, axis);
  if (!Number.isInteger(count) || count < 1 || count > x.shape[along]) {
    fail('topK', 'count', `is ${count} for a tensor of shape ${shown(x.shape)}`, `1 to ${x.shape[along]}`);
  }
  const shape = replaced(x.shape, along, count);
  const types = [
    { dtype: x.dtype, shape },
    { dtype: 'int64' as const, shape },
  ];
  const [values, indices] = makeNode(topKOperation, [x], { axis: along, largest }, types).outputs;
  return { values, indices };
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

// ---- below: internals ----

/** −∞ made 0, so that −∞ − x stays what it is. */
const finite = (x: Tensor): Tensor => where(equal(x, Number.NEGATIVE_INFINITY), 0, x);

/** An operation over axes: `gradient(dy, x, y)` is the rule, in which dy and y have kept the axes. */
function reduction(
  name: string,
  type: string,
  gradient: (dy: Tensor, x: Tensor, y: Tensor) => Tensor,
  { decompose }: { readonly decompose?: (x: Tensor, axes: readonly number[], target: Target) => Tensor | null } = {},
): Reduction {
  const operation: Operation<Axes> = {
    name,
    gradient: (dy, { inputs: [x], outputs: [y] }) => [gradient(dy, x, y)],
    lower: (emit, [x], { attributes: { axes } }) => emit.node(type, [x, emit.integers(axes)], { keepdims: 1 }),
    ...(decompose && {
      decompose: ({ inputs: [x], attributes: { axes } }, target) => decompose(x, axes, target),
    }),
  };
  const reduce: Reduction = (x, axes, { keepAxes = false } = {}) => {
    requireFloat(name, 'x', x);
    const over = axesOf(name, x, axes);
    // To the engine, no axes would mean all of them.
    if (over.length === 0) return reduce(reshape(x, [...x.shape, 1]), -1);
    const shape = x.shape.map((length, axis) => (over.includes(axis) ? 1 : length));
    const y = apply(operation, [x], { axes: over }, { dtype: x.dtype, shape });
    return keepAxes ? y : reshape(y, without(shape, over));
  };
  return reduce;
}

type Reduction = (x: Tensor, axes?: number | readonly number[], options?: ReduceOptions) => Tensor;

/** y = the outermost of x    dx = dy where x = y, divided among those */
function extremum(name: string, type: string): Reduction {
  return reduction(name, type, (dy, x, y) => {
    const isChosen = cast(equal(x, y), x.dtype);
    return multiply(isChosen, divide(dy, sumTo(isChosen, y.shape)));
  });
}

function place(name: string, type: string): (x: Tensor, axis?: number, options?: ReduceOptions) => Tensor {
  const operation: Operation<{ readonly axis: number }> = {
    name,
    gradient: { none: 'a position' },
    lower: (emit, inputs, { attributes: { axis } }) => emit.node(type, inputs, { axis, keepdims: 1 }),
  };
  return (x, axis = -1, { keepAxes = false } = {}) => {
    const along = axisOf(name, x, axis);
    const shape = replaced(x.shape, along, 1);
    const y = apply(operation, [x], { axis: along }, { dtype: 'int64', shape });
    return keepAxes ? y : reshape(y, without(shape, [along]));
  };
}
