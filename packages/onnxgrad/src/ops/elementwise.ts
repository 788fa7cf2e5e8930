import { apply, type Operation } from '../graph/operation.ts';
import { broadcastShapes, requireFloat, sameShape, type TensorLike, unified } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { sumTo } from './reduce.ts';

// ---- of one tensor ----

/** −x. */
export const negate = unary('negate', 'Neg', (dy) => negate(dy));

/** eˣ.  dx = dy y */
export const exp = unary('exp', 'Exp', (dy, _, y) => multiply(dy, y));

/** Natural logarithm.  dx = dy / x */
export const log = unary('log', 'Log', (dy, x) => divide(dy, x));

/** √x.  dx = dy / (2 y) */
export const sqrt = unary('sqrt', 'Sqrt', (dy, _, y) => divide(multiply(dy, 0.5), y));

/** 1 / x.  dx = −dy y² */
export const reciprocal = unary('reciprocal', 'Reciprocal', (dy, _, y) => negate(multiply(dy, multiply(y, y))));

/** tanh x.  dx = dy (1 − y²) */
export const tanh = unary('tanh', 'Tanh', (dy, _, y) => multiply(dy, subtract(1, multiply(y, y))));

/** 1 / (1 + e⁻ˣ).  dx = dy y (1 − y) */
export const sigmoid = unary('sigmoid', 'Sigmoid', (dy, _, y) => multiply(dy, multiply(y, subtract(1, y))));

// ---- of two, broadcast ----

/** a + b.  da = dy, db = dy, each summed back to the shape it was broadcast from */
export const add = binary('add', 'Add', (dy) => [dy, dy]);

/** a − b.  da = dy, db = −dy */
export const subtract = binary('subtract', 'Sub', (dy) => [dy, negate(dy)]);

/** a b.  da = dy b, db = dy a */
export const multiply = binary('multiply', 'Mul', (dy, a, b) => [multiply(dy, b), multiply(dy, a)]);

/** a / b.  da = dy / b, db = −dy y / b */
export const divide = binary('divide', 'Div', (dy, _, b, y) => [divide(dy, b), negate(divide(multiply(dy, y), b))]);

// ---- below: internals ----

/** An operation on each element by itself: `gradient(dy, x, y)` is the rule. */
export function unary(
  name: string,
  type: string,
  gradient: (dy: Tensor, x: Tensor, y: Tensor) => Tensor,
): (x: Tensor) => Tensor {
  const operation: Operation<null> = {
    name,
    gradient: (dy, { inputs: [x], outputs: [y] }) => [gradient(dy, x, y)],
    lower: (emit, inputs) => emit.node(type, inputs),
  };
  return (x) => {
    requireFloat(name, 'x', x);
    return apply(operation, [x], null, x);
  };
}

/**
 * An operation on pairs of elements, by NumPy's broadcasting: `gradient(dy, a, b, y)` is the rule before the sums over what
 * was broadcast.
 */
export function binary(
  name: string,
  type: string,
  gradient: (dy: Tensor, a: Tensor, b: Tensor, y: Tensor) => readonly [Tensor, Tensor],
): (a: TensorLike, b: TensorLike) => Tensor {
  const operation: Operation<null> = {
    name,
    gradient: (dy, { inputs: [a, b], outputs: [y] }) => {
      const [da, db] = gradient(dy, a, b, y);
      return [sumTo(da, a.shape), sumTo(db, b.shape)];
    },
    lower: (emit, inputs) => emit.node(type, inputs),
  };
  return (left, right) => {
    const [a, b] = unified(name, left, right);
    const shape = broadcastShapes(name, a.shape, b.shape);
    return apply(operation, narrowed(name, a, b, shape), null, { dtype: a.dtype, shape });
  };
}

/** An operand that was only expanded need not be written out where the other already gives the shape. */
function narrowed(name: string, a: Tensor, b: Tensor, shape: readonly number[]): readonly [Tensor, Tensor] {
  const source = ({ node }: Tensor) => (node.operation.name === 'expand' ? node.inputs[0] : undefined);
  const fits = (first: Tensor, second: Tensor) => sameShape(broadcastShapes(name, first.shape, second.shape), shape);
  const [narrowA, narrowB] = [source(a), source(b)];
  if (narrowA && fits(narrowA, b)) return [narrowA, b];
  if (narrowB && fits(a, narrowB)) return [a, narrowB];
  return [a, b];
}
