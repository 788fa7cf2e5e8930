import { apply, type Operation } from '../graph/operation.ts';
import { axisOf, broadcastShapes, fail, requireDType, sameShape } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { arrayFrom, type Shape, shown, sizeOf } from '../graph/tensorData.ts';
import { sumTo } from './reduce.ts';

/** y holds the numbers of x in the same order    dx = dy in the shape of x */
const reshapeOperation: Operation<null> = {
  name: 'reshape',
  gradient: (dy, { inputs: [x] }) => [reshape(dy, x.shape)],
  // One reshape after another is one reshape.
  reads: ({ inputs: [x] }) => {
    let source = x;
    while (source.node.operation.name === 'reshape') [source] = source.node.inputs;
    return [source];
  },
  lower: (emit, [x], { outputs: [y] }) => emit.node('Reshape', [x, emit.integers(y.shape)], { allowzero: 1 }),
};

/** The same numbers in another shape; one length may be −1: what remains. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = shape.reduce((product, length) => (length === -1 ? product : product * length), 1);
  const wanted = shape.map((length) => (length === -1 ? sizeOf(x.shape) / known : length));
  if (
    shape.filter((length) => length === -1).length > 1 ||
    sizeOf(wanted) !== sizeOf(x.shape) ||
    !wanted.every(isLength)
  ) {
    fail(
      'reshape',
      'shape',
      `is ${shown(shape)} for a tensor of shape ${shown(x.shape)}`,
      `${sizeOf(x.shape)} elements`,
    );
  }
  if (sameShape(wanted, x.shape)) return x;
  return apply(reshapeOperation, [x], null, { dtype: x.dtype, shape: wanted });
}

interface Order {
  readonly order: readonly number[];
}

/** axis i of y is axis order[i] of x    dx = dy by the inverse order */
const transposeOperation: Operation<Order> = {
  name: 'transpose',
  gradient: (dy, { attributes: { order } }) => [transpose(dy, inverse(order))],
  lower: (emit, [x], { attributes: { order } }) => emit.node('Transpose', [x], { perm: order }),
};

/** Axes in another order; reversed unless given. */
export function transpose(
  x: Tensor,
  order: readonly number[] = x.shape.map((_, axis) => x.shape.length - 1 - axis),
): Tensor {
  const from = order.map((axis) => axisOf('transpose', x, axis));
  if (from.length !== x.shape.length || new Set(from).size !== from.length) {
    fail('transpose', 'order', `is ${shown(order)} for a tensor of shape ${shown(x.shape)}`, 'each axis once');
  }
  if (from.every((axis, position) => axis === position)) return x;
  const shape = from.map((axis) => x.shape[axis]);
  // Where only axes of length 1 change places, the numbers stay where they are.
  const long = from.filter((axis) => x.shape[axis] !== 1);
  if (long.every((axis, position) => position === 0 || axis > long[position - 1])) return reshape(x, shape);
  return apply(transposeOperation, [x], { order: from }, { dtype: x.dtype, shape });
}

/** The last two axes change places. */
export function swapLast(x: Tensor): Tensor {
  const rank = x.shape.length;
  return transpose(x, [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2));
}

/** y = x repeated along axes of length 1    dx = dy summed over the repetitions */
const expandOperation: Operation<null> = {
  name: 'expand',
  gradient: (dy, { inputs: [x] }) => [sumTo(dy, x.shape)],
  lower: (emit, [x], { outputs: [y] }) => emit.node('Expand', [x, emit.integers(y.shape)]),
};

/** Repeats along axes of length 1, and along new axes in front, by NumPy's broadcasting. */
export function expand(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (!shape.every(isLength)) fail('expand', 'shape', `is ${shown(shape)}`, 'whole numbers from 0 up');
  if (!sameShape(broadcastShapes('expand', x.shape, shape), shape)) {
    fail('expand', 'x', `has shape ${shown(x.shape)}`, `a shape that broadcasts to ${shown(shape)}`);
  }
  return apply(expandOperation, [x], null, { dtype: x.dtype, shape });
}

interface Axis {
  readonly axis: number;
}

/** y = x₁ | x₂ | …    dxᵢ = its part of dy */
const concatOperation: Operation<Axis> = {
  name: 'concat',
  gradient: (dy, { inputs, attributes: { axis } }) => {
    let start = 0;
    return inputs.map(({ shape }) => slice(dy, axis, start, (start += shape[axis])));
  },
  lower: (emit, inputs, { attributes: { axis } }) => emit.node('Concat', inputs, { axis }),
};

/** Joins tensors along an axis; other lengths and the element types must agree. */
export function concat(parts: readonly Tensor[], axis: number): Tensor {
  if (parts.length === 0) fail('concat', 'parts', 'is empty', 'one tensor or more');
  const [first] = parts;
  const along = axisOf('concat', first, axis);
  for (const [position, part] of parts.entries()) {
    requireDType('concat', `part ${position}`, part, first.dtype);
    const fits =
      part.shape.length === first.shape.length && part.shape.every((n, i) => i === along || n === first.shape[i]);
    if (!fits)
      fail(
        'concat',
        `part ${position}`,
        `has shape ${shown(part.shape)}`,
        `that of part 0, ${shown(first.shape)}, but for axis ${along}`,
      );
  }
  if (parts.length === 1) return first;
  const total = parts.reduce((count, { shape }) => count + shape[along], 0);
  return apply(
    concatOperation,
    parts,
    { axis: along },
    { dtype: first.dtype, shape: replaced(first.shape, along, total) },
  );
}

interface Slice {
  readonly axis: number;
  readonly start: number;
  readonly step: number;
}

/** y_i = x_(start + i step)    dx = dy at the places taken, zero elsewhere */
const sliceOperation: Operation<Slice> = {
  name: 'slice',
  gradient: (dy, { inputs: [x], attributes: { axis, start, step } }) => {
    const spread = step === 1 ? dy : interleave(dy, axis, step);
    return [pad(spread, axis, start, x.shape[axis] - start - spread.shape[axis])];
  },
  lower: (emit, [x], { attributes: { axis, start, step }, outputs: [y] }) => {
    const end = start + (y.shape[axis] - 1) * step + 1;
    return emit.node('Slice', [x, ...[start, end, axis, step].map((value) => emit.integers([value]))]);
  },
};

/**
 * Elements `start` to `end` (not included, the end of the axis unless given) along an axis, every `step`-th; negative
 * positions count from the end.
 */
export function slice(x: Tensor, axis: number, start: number, end?: number, step = 1): Tensor {
  const along = axisOf('slice', x, axis);
  const length = x.shape[along];
  const from = start < 0 ? start + length : start;
  const to = end === undefined ? length : end < 0 ? end + length : end;
  if (![from, to, step].every(Number.isInteger) || from < 0 || to > length || from > to || step < 1) {
    fail(
      'slice',
      'range',
      `is ${start} to ${end ?? 'the end'} by ${step}`,
      `whole numbers within the ${length} elements of axis ${along}`,
    );
  }
  if (from === 0 && to === length && step === 1) return x;
  const shape = replaced(x.shape, along, Math.ceil((to - from) / step));
  return apply(sliceOperation, [x], { axis: along, start: from, step }, { dtype: x.dtype, shape });
}

interface Padding {
  readonly axis: number;
  readonly before: number;
  readonly after: number;
  readonly value: number;
}

/** y = value … x … value    dx = dy where x lies */
const padOperation: Operation<Padding> = {
  name: 'pad',
  gradient: (dy, { inputs: [x], attributes: { axis, before } }) => [slice(dy, axis, before, before + x.shape[axis])],
  lower: (emit, [x], { attributes: { axis, before, after, value }, outputs: [{ dtype }] }) => {
    const fill = emit.constant({ dtype, shape: [], data: arrayFrom(dtype, [value]) });
    return emit.node('Pad', [x, emit.integers([before, after]), fill, emit.integers([axis])], { mode: 'constant' });
  },
};

/** Adds `before` and `after` elements of one value along an axis. */
export function pad(x: Tensor, axis: number, before: number, after: number, value = 0): Tensor {
  const along = axisOf('pad', x, axis);
  if (!Number.isInteger(before) || !Number.isInteger(after) || before < 0 || after < 0) {
    fail('pad', 'padding', `is ${before} and ${after}`, 'whole numbers from 0 up');
  }
  if (before === 0 && after === 0) return x;
  const shape = replaced(x.shape, along, x.shape[along] + before + after);
  return apply(padOperation, [x], { axis: along, before, after, value }, { dtype: x.dtype, shape });
}

/** Puts `step − 1` zeros between neighbours along an axis: n elements become (n − 1) step + 1. */
export function interleave(x: Tensor, axis: number, step: number): Tensor {
  const along = axisOf('interleave', x, axis);
  const length = x.shape[along];
  if (step === 1 || length < 2) return x;
  const apart = pad(
    reshape(x, [...x.shape.slice(0, along + 1), 1, ...x.shape.slice(along + 1)]),
    along + 1,
    0,
    step - 1,
  );
  return slice(reshape(apart, replaced(x.shape, along, length * step)), along, 0, (length - 1) * step + 1);
}

/** A shape with another length at one axis. */
export const replaced = (shape: Shape, axis: number, length: number): Shape =>
  shape.map((old, position) => (position === axis ? length : old));

// ---- below: internals ----

const isLength = (length: number): boolean => Number.isInteger(length) && length >= 0;

function inverse(order: readonly number[]): number[] {
  const result: number[] = [];
  for (const [position, axis] of order.entries()) result[axis] = position;
  return result;
}
