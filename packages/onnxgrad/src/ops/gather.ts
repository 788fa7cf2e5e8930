import { apply, type Operation } from '../graph/operation.ts';
import { axisOf, fail, requireDType, requireShape } from '../graph/shapes.ts';
import { Constant, constant, scalar, type Tensor } from '../graph/tensor.ts';
import type { DType, Shape } from '../graph/tensorData.ts';
import { cast, equal } from './compare.ts';
import { expand, pad, replaced, reshape } from './shape.ts';

interface Axis {
  readonly axis: number;
}

/** y[…, i, …] = x[…, indices[i], …]    dx = at each place, the sum of dy over whatever was taken from there */
const gatherOperation: Operation<Axis> = {
  name: 'gather',
  gradient: (dy, { inputs: [x, indices], attributes: { axis } }) => [gatherGradient(dy, x, indices, axis), null],
  lower: (emit, inputs, { attributes: { axis } }) => emit.node('Gather', inputs, { axis }),
};

/**
 * Elements of an axis in the order of `indices`; its axes take the place of that axis.
 *
 * @param indices - int64 of any shape, or plain whole numbers; negative ones count from the end. Plain numbers are
 *   checked here, and where none comes twice the gradient is a gather too, which is several times as fast as a sum at
 *   indices.
 */
export function gather(x: Tensor, indices: Tensor | readonly number[], axis = 0): Tensor {
  const along = axisOf('gather', x, axis);
  const from = Array.isArray(indices) ? indexList(indices, x.shape[along]) : (indices as Tensor);
  requireDType('gather', 'indices', from, 'int64');
  const shape = [...x.shape.slice(0, along), ...from.shape, ...x.shape.slice(along + 1)];
  return apply(gatherOperation, [x, from], { axis: along }, { dtype: x.dtype, shape });
}

/** y[…, i, …] = x[…, sources[i], …], or 0 where that is −1    dx = dy, rearranged the other way */
const rearrangeOperation: Operation<Axis> = {
  name: 'rearrange',
  gradient: (dy, { inputs: [x, sources], attributes: { axis } }) => [
    rearrange(dy, destinations(Array.from((sources as Constant).data, Number), x.shape[axis]), axis),
    null,
  ],
  // The 0 stands one past the end, which is what −1 means to the engine.
  decompose: ({ inputs: [x, sources], attributes: { axis } }) => {
    const isWhole = sources instanceof Constant && sources.data.every((source) => source >= 0);
    return gather(isWhole ? x : pad(x, axis, 0, 1), sources, axis);
  },
};

/**
 * Elements of an axis in another order, 0 where `sources` says −1. No element may be taken twice: that makes it its own
 * reverse, and several times as fast as slices, zeros and their joining.
 */
export function rearrange(x: Tensor, sources: readonly number[], axis: number): Tensor {
  const along = axisOf('rearrange', x, axis);
  const taken = sources.filter((source) => source !== -1);
  const length = x.shape[along];
  const stranger = taken.find((source) => !Number.isInteger(source) || source < 0 || source >= length);
  if (stranger !== undefined) fail('rearrange', 'sources', `hold ${stranger}`, `-1 to ${length - 1}`);
  if (new Set(taken).size < taken.length)
    fail('rearrange', 'sources', 'hold an element twice', 'each once; use gather');
  const places = constant(sources, { dtype: 'int64' });
  return apply(
    rearrangeOperation,
    [x, places],
    { axis: along },
    { dtype: x.dtype, shape: replaced(x.shape, along, sources.length) },
  );
}

/** y[…, i, …] = x[…, indices[…, i, …], …]    dx = as of gather */
const takeAlongAxisOperation: Operation<Axis> = {
  name: 'takeAlongAxis',
  gradient: (dy, { inputs: [x, indices], attributes: { axis } }) => [
    scatterAdd(zeros(x.shape, dy.dtype), indices, dy, axis),
    null,
  ],
  lower: (emit, inputs, { attributes: { axis } }) => emit.node('GatherElements', inputs, { axis }),
};

/** For each place its own index along an axis. indices: int64, shaped as x but for the length of the axis. */
export function takeAlongAxis(x: Tensor, indices: Tensor, axis: number): Tensor {
  const along = checkedPlaces('takeAlongAxis', x, indices, axis);
  return apply(takeAlongAxisOperation, [x, indices], { axis: along }, { dtype: x.dtype, shape: indices.shape });
}

/** y = x, and y[…, indices[…, i, …], …] += updates[…, i, …]    dx = dy    dupdates = dy at the indices */
const scatterAddOperation: Operation<Axis> = {
  name: 'scatterAdd',
  gradient: (dy, { inputs: [, indices], attributes: { axis } }) => [dy, null, takeAlongAxis(dy, indices, axis)],
  // Not ScatterND, though it is quicker: on the processor it adds from several threads and loses what collides.
  lower: (emit, inputs, { attributes: { axis } }) => emit.node('ScatterElements', inputs, { axis, reduction: 'add' }),
  decompose: ({ inputs: [x, indices, updates], attributes: { axis } }) =>
    x.dtype === 'float16' ? inSingle(x, updates, (wide, more) => scatterAdd(wide, indices, more, axis)) : null,
};

/**
 * x with updates added at places along an axis; what goes to the same place adds up, in the order of the updates.
 *
 * @param indices - int64, shaped as x but for the length of the axis
 * @param updates - shaped as `indices`
 */
export function scatterAdd(x: Tensor, indices: Tensor, updates: Tensor, axis: number): Tensor {
  const along = checkedPlaces('scatterAdd', x, indices, axis, updates);
  return apply(scatterAddOperation, [x, indices, updates], { axis: along }, x);
}

/**
 * y = x, and y[…, indices[…, i, …], …] = updates[…, i, …]    dx = dy, 0 at the indices    dupdates = dy at the indices
 */
const scatterOperation: Operation<Axis> = {
  name: 'scatter',
  gradient: (dy, { inputs: [, indices], attributes: { axis } }) => [
    scatter(dy, indices, zeros(indices.shape, dy.dtype), axis),
    null,
    takeAlongAxis(dy, indices, axis),
  ],
  lower: (emit, inputs, { attributes: { axis } }) => emit.node('ScatterElements', inputs, { axis }),
};

/**
 * As `scatterAdd`, but updates take the place of what was there. No place may come twice: which one wins is not said.
 */
export function scatter(x: Tensor, indices: Tensor, updates: Tensor, axis: number): Tensor {
  const along = checkedPlaces('scatter', x, indices, axis, updates);
  return apply(scatterOperation, [x, indices, updates], { axis: along }, x);
}

/**
 * 1 where the number of a class stands, else 0, along a new last axis; 0 throughout for numbers outside of 0 to classes
 * − 1.
 */
export function oneHot(indices: Tensor, classes: number, dtype: DType = 'float32'): Tensor {
  requireDType('oneHot', 'indices', indices, 'int64');
  return cast(equal(reshape(indices, [...indices.shape, 1]), range(classes)), dtype);
}

/** 0, 1, … count − 1 as a constant, or from `start` by `step`. */
export function range(
  count: number,
  { start = 0, step = 1, dtype = 'int64' }: { start?: number; step?: number; dtype?: DType } = {},
): Constant {
  if (!Number.isInteger(count) || count < 0) fail('range', 'count', `is ${count}`, 'a whole number from 0 up');
  return constant(
    Array.from({ length: count }, (_, i) => start + i * step),
    { dtype },
  );
}

// ---- below: internals ----

/** The processor adds up in places for float32, not for float16; and sums of many want the digits. */
const inSingle = (x: Tensor, updates: Tensor, make: (x: Tensor, updates: Tensor) => Tensor): Tensor =>
  cast(make(cast(x, 'float32'), cast(updates, 'float32')), 'float16');

const zeros = (shape: Shape, dtype: DType): Tensor => expand(scalar(0, dtype), shape);

function indexList(indices: readonly number[], length: number): Constant {
  for (const [position, index] of indices.entries()) {
    if (!Number.isInteger(index) || index < -length || index >= length) {
      fail('gather', `index ${position}`, `is ${index}`, `a whole number from ${-length} to ${length - 1}`);
    }
  }
  return constant(
    indices.map((index) => (index < 0 ? index + length : index)),
    { dtype: 'int64' },
  );
}

function checkedPlaces(operation: string, x: Tensor, indices: Tensor, axis: number, updates?: Tensor): number {
  const along = axisOf(operation, x, axis);
  requireDType(operation, 'indices', indices, 'int64');
  requireShape(operation, 'indices', indices, replaced(x.shape, along, indices.shape[along]));
  if (updates) {
    requireDType(operation, 'updates', updates, x.dtype);
    requireShape(operation, 'updates', updates, indices.shape);
  }
  return along;
}

function gatherGradient(dy: Tensor, x: Tensor, indices: Tensor, axis: number): Tensor {
  const inverse = inverseOf(indices, x.shape[axis]);
  if (inverse) return rearrange(dy, inverse, axis);
  const rows = reshape(dy, [...x.shape.slice(0, axis), -1, ...x.shape.slice(axis + 1)]);
  const places = reshape(
    indices,
    rows.shape.map((_, position) => (position === axis ? -1 : 1)),
  );
  return scatterAdd(zeros(x.shape, dy.dtype), expand(places, rows.shape), rows, axis);
}

function inverseOf(indices: Tensor, length: number): number[] | null {
  if (!(indices instanceof Constant) || indices.shape.length !== 1) return null;
  const sources = Array.from(indices.data as BigInt64Array, Number).map((index) =>
    index < 0 ? index + length : index,
  );
  const isOnce = new Set(sources).size === sources.length;
  return isOnce ? destinations(sources, length) : null;
}

/** For each of `length` elements the place that takes it, or −1. */
function destinations(sources: readonly number[], length: number): number[] {
  const taken = new Array<number>(length).fill(-1);
  for (const [place, source] of sources.entries()) if (source >= 0) taken[source] = place;
  return taken;
}
