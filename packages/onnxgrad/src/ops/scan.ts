import { apply, makeNode, type Operation } from '../graph/operation.ts';
import { axisOf, requireDType, requireFloat, requireShape } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { sizeOf } from '../graph/tensorData.ts';
import { add, multiply } from './elementwise.ts';
import { concat, pad, replaced, reshape, slice } from './shape.ts';
import { shift } from './shift.ts';

export interface LinearScanOptions {
  /** Whether time runs from the end of the axis to its start; no unless told. */
  readonly reverse?: boolean;
}

interface Direction {
  readonly reverse: boolean;
  /**
   * h_t = a_t h_(t−1) + b_t, or what its reverse pass needs: h_t = b_t + a_(t−1) h_(t−1), the coefficient of the step
   * before.
   */
  readonly adjoint: boolean;
}

/**
 * h_t = a_t h_(t−1) + b_t    db_t = dy_t + a_(t+1) db_(t+1), the same recurrence the other way    da_t = db_t h_(t−1)
 *
 * The adjoint h_t = b_t + a_(t−1) h_(t−1) has db_t = dy_t + a_t db_(t+1) and da_t = h_t db_(t+1).
 */
const linearScanOperation: Operation<Direction> = {
  name: 'linearScan',
  gradient: (dy, { inputs: [a], outputs: [h], attributes: { reverse, adjoint } }) => {
    const db = scan(a, dy, { reverse: !reverse, adjoint: !adjoint });
    const later = reverse ? -1 : 1;
    return [adjoint ? multiply(h, shift(db, -later, 1)) : multiply(db, shift(h, later, 1)), db];
  },
  decompose: ({ inputs: [a, b], attributes }) => inChunks(a, b, attributes),
};

/**
 * h_t = a_t h_(t−1) + b_t along an axis, from h = 0 before the first. The axis is cut into chunks of about √T / 2
 * steps, and one step of all chunks is taken at once: twice the arithmetic of one step after the other, in few
 * operations. Quickest where the axes after it hold many numbers.
 */
export function linearScan(a: Tensor, b: Tensor, axis: number, { reverse = false }: LinearScanOptions = {}): Tensor {
  requireFloat('linearScan', 'a', a);
  requireDType('linearScan', 'b', b, a.dtype);
  requireShape('linearScan', 'b', b, a.shape);
  const along = axisOf('linearScan', a, axis);
  const { shape } = a;
  const rows = [sizeOf(shape.slice(0, along)), shape[along], sizeOf(shape.slice(along + 1))];
  return reshape(scan(reshape(a, rows), reshape(b, rows), { reverse, adjoint: false }), shape);
}

// ---- for scans of other forms ----

/** The parts of an axis, each of length 1, in one operation; made when gradients have been taken. */
export function unstacked(x: Tensor, axis: number): readonly Tensor[] {
  const count = x.shape[axis];
  const type = { dtype: x.dtype, shape: replaced(x.shape, axis, 1) };
  return makeNode(unstackOperation, [x], { axis }, new Array(count).fill(type)).outputs;
}

/**
 * How T steps are cut: the number of steps of a chunk that divides T and comes nearest to √T / 2; where none is near, T
 * is filled up. Between √T / 3 and √T the time is the same, and fewer steps are a smaller program.
 */
export function chunkSteps(steps: number): number {
  const wanted = Math.sqrt(steps) / 2;
  const near = Array.from({ length: Math.ceil(3 * wanted) }, (_, i) => i + 1).filter(
    (length) => steps % length === 0 && length >= Math.max(2, wanted / 3),
  );
  const apart = (length: number) => Math.abs(Math.log(length / wanted));
  return near.length > 0 ? near.reduce((best, next) => (apart(next) < apart(best) ? next : best)) : Math.ceil(wanted);
}

/** `linearScan` along axis 1 of three. */
export const scan = (a: Tensor, b: Tensor, direction: Direction): Tensor =>
  apply(linearScanOperation, [a, b], direction, a);

// ---- below: internals ----

const unstackOperation: Operation<{ readonly axis: number }> = {
  name: 'unstack',
  gradient: { none: 'made when gradients have been taken' },
  lower: (emit, inputs, { attributes: { axis }, outputs: { length } }) =>
    length === 1 ? emit.node('Identity', inputs) : emit.nodes('Split', inputs, length, { axis, num_outputs: length }),
};

/** Fewer steps than this are taken one after the other. */
const fewSteps = 8;

/** a, b: [outer, T, inner] → h. */
function inChunks(a: Tensor, b: Tensor, direction: Direction): Tensor {
  const [outer, steps, inner] = a.shape;
  const length = steps <= fewSteps ? steps : chunkSteps(steps);
  const chunks = Math.ceil(steps / length);
  // [outer, T, inner] → for each step of a chunk [outer, chunks, 1, inner]
  const cut = (x: Tensor) =>
    inOrder(unstacked(reshape(pad(x, 1, 0, chunks * length - steps), [outer, chunks, length, inner]), 2), direction);
  const [as, bs] = [cut(a), cut(b)];

  let entering: Tensor | null = null;
  if (chunks > 1) {
    // What each chunk makes of nothing, and what it does to what enters.
    const { state } = taken(as, bs, null, direction);
    const whole = as.reduce(multiply);
    const flat = (x: Tensor) => reshape(x, [outer, chunks, inner]);
    const leaving = inChunks(flat(whole), flat(state), { ...direction, adjoint: false });
    entering = reshape(shift(leaving, direction.reverse ? -1 : 1, 1), [outer, chunks, 1, inner]);
  }
  const { results } = taken(as, bs, entering, direction);
  return slice(reshape(concat(inOrder(results, direction), 2), [outer, chunks * length, inner]), 1, 0, steps);
}

const inOrder = (steps: readonly Tensor[], { reverse }: Direction): readonly Tensor[] =>
  reverse ? steps.toReversed() : steps;

/** One step after the other; `state` is what goes on to the next. */
function taken(as: readonly Tensor[], bs: readonly Tensor[], entering: Tensor | null, { adjoint }: Direction) {
  let state = entering;
  const results: Tensor[] = [];
  for (const [t, a] of as.entries()) {
    if (adjoint) {
      results.push(state ? add(bs[t], state) : bs[t]);
      state = multiply(a, results[t]);
    } else {
      state = state ? add(multiply(a, state), bs[t]) : bs[t];
      results.push(state);
    }
  }
  return { state: state as Tensor, results };
}
