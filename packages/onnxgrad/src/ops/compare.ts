import { onnxType } from '../graph/emitter.ts';
import { apply, type Operation } from '../graph/operation.ts';
import { broadcastShapes, requireDType, type TensorLike, unified } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { type DType, type FloatType, isFloat } from '../graph/tensorData.ts';
import { abs } from './elementwise.ts';
import { sumTo } from './reduce.ts';

// ---- two tensors → bool, by NumPy's broadcasting ----

export const less = comparison('less', 'Less');
export const lessOrEqual = comparison('lessOrEqual', 'LessOrEqual');
export const greater = comparison('greater', 'Greater');
export const greaterOrEqual = comparison('greaterOrEqual', 'GreaterOrEqual');
/** Whether elements are equal; NaN equals nothing. */
export const equal = comparison('equal', 'Equal');
/** Whether elements differ; NaN differs from everything. */
export const notEqual = (a: TensorLike, b: TensorLike): Tensor => not(equal(a, b));

// ---- bool → bool ----

export const and = logical('and', 'And');
export const or = logical('or', 'Or');
export const xor = logical('xor', 'Xor');

const notOperation: Operation<null> = {
  name: 'not',
  gradient: { none: 'true or false' },
  lower: (emit, inputs) => emit.node('Not', inputs),
};

export function not(x: Tensor): Tensor {
  requireDType('not', 'x', x, 'bool');
  return apply(notOperation, [x], null, x);
}

/** Whether elements are no number. */
export const isNan = (x: Tensor): Tensor => notEqual(x, x);

/** Whether elements are neither infinite nor NaN. */
export const isFiniteNumber = (x: Tensor): Tensor => lessOrEqual(abs(x), largest[x.dtype as FloatType]);

// ---- choice and change of type ----

/** y = a where the condition holds, else b    da = dy there, db = dy elsewhere */
const whereOperation: Operation<null> = {
  name: 'where',
  gradient: (dy, { inputs: [condition, a, b] }) => [
    null,
    sumTo(where(condition, dy, 0), a.shape),
    sumTo(where(condition, 0, dy), b.shape),
  ],
  lower: (emit, inputs) => emit.node('Where', inputs),
};

/**
 * a where the condition holds, else b; all three broadcast. Gradients of what was not chosen are 0, even where dy is
 * not finite.
 */
export function where(condition: Tensor, a: TensorLike, b: TensorLike): Tensor {
  requireDType('where', 'condition', condition, 'bool');
  const [yes, no] = unified('where', a, b);
  const shape = broadcastShapes('where', condition.shape, yes.shape, no.shape);
  return apply(whereOperation, [condition, yes, no], null, { dtype: yes.dtype, shape });
}

/** y = x as another type    dx = dy as the type of x; nothing flows through whole numbers */
const castOperation: Operation<null> = {
  name: 'cast',
  gradient: (dy, { inputs: [x], outputs: [y] }) => [isFloat(x.dtype) && isFloat(y.dtype) ? cast(dy, x.dtype) : null],
  lower: (emit, inputs, { outputs: [y] }) => emit.node('Cast', inputs, { to: onnxType[y.dtype] }),
};

/** The same numbers as another type: to whole numbers towards 0, to bool whether not 0. */
export const cast = (x: Tensor, dtype: DType): Tensor =>
  x.dtype === dtype ? x : apply(castOperation, [x], null, { dtype, shape: x.shape });

// ---- below: internals ----

/** The largest finite number of each type. */
const largest = { float16: 65_504, float32: 3.402_823_466_385_288_6e38, float64: Number.MAX_VALUE } as const;

function comparison(name: string, type: string): (a: TensorLike, b: TensorLike) => Tensor {
  const operation: Operation<null> = {
    name,
    gradient: { none: 'true or false' },
    lower: (emit, inputs) => emit.node(type, inputs),
  };
  return (left, right) => {
    const [a, b] = unified(name, left, right);
    return apply(operation, [a, b], null, { dtype: 'bool', shape: broadcastShapes(name, a.shape, b.shape) });
  };
}

function logical(name: string, type: string): (a: Tensor, b: Tensor) => Tensor {
  const compare = comparison(name, type);
  return (a, b) => {
    requireDType(name, 'a', a, 'bool');
    requireDType(name, 'b', b, 'bool');
    return compare(a, b);
  };
}
