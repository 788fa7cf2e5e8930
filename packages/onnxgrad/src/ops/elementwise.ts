import type { OnnxAttributes } from '../graph/emitter.ts';
import { apply, type NoGradient, type Operation, type Target } from '../graph/operation.ts';
import { broadcastShapes, fail, requireFloat, sameShape, type TensorLike, unified } from '../graph/shapes.ts';
import { scalar, type Tensor } from '../graph/tensor.ts';
import { arrayFrom, isFloat } from '../graph/tensorData.ts';
import { cast, equal, greater, greaterOrEqual, where } from './compare.ts';
import { sumTo } from './reduce.ts';
import { expand } from './shape.ts';

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

/** |x|.  dx = dy sign x, 0 at 0 */
export const abs = unary('abs', 'Abs', (dy, x) => multiply(dy, sign(x)));

/** −1, 0 or 1. */
export const sign = unary('sign', 'Sign', { none: 'piecewise constant' });

/** sin x, x in radians.  dx = dy cos x */
export const sin = unary('sin', 'Sin', (dy, x) => multiply(dy, cos(x)));

/** cos x, x in radians.  dx = −dy sin x */
export const cos = unary('cos', 'Cos', (dy, x) => negate(multiply(dy, sin(x))));

/** The next whole number at or below x; without gradient. */
export const floor = unary('floor', 'Floor', { none: 'piecewise constant' });

/** The next whole number at or above x; without gradient. */
export const ceil = unary('ceil', 'Ceil', { none: 'piecewise constant' });

/** The nearest whole number, halves to the even one; without gradient. */
export const round = unary('round', 'Round', { none: 'piecewise constant' });

/** x². */
export const square = (x: Tensor): Tensor => multiply(x, x);

interface Bounds {
  readonly low: number | null;
  readonly high: number | null;
}

/** y = x between bounds, else the bound    dx = dy where y = x */
const clampOperation: Operation<Bounds> = {
  name: 'clamp',
  gradient: (dy, { inputs: [x], outputs: [y] }) => [multiply(dy, cast(equal(x, y), dy.dtype))],
  lower: (emit, [x], { attributes: { low, high }, outputs: [{ dtype }] }) => {
    // To the engine, no bound would mean the largest finite number; whole numbers know no infinity.
    const bound = (value: number) =>
      Number.isFinite(value) || isFloat(dtype)
        ? emit.constant({ dtype, shape: [], data: arrayFrom(dtype, [value]) })
        : '';
    return emit.node('Clip', [x, bound(low ?? -Infinity), bound(high ?? Infinity)]);
  },
};

/**
 * x, but no less than `low` and no more than `high`; null for no bound. The gradient passes at the bounds themselves.
 */
export function clamp(x: Tensor, low: number | null, high: number | null = null): Tensor {
  if (Number.isNaN(low) || Number.isNaN(high) || (low ?? -Infinity) > (high ?? Infinity)) {
    fail('clamp', 'bounds', `are ${low} and ${high}`, 'numbers in rising order, or null for none');
  }
  const bounds = { low: low === -Infinity ? null : low, high: high === Infinity ? null : high };
  return apply(clampOperation, [x], bounds, x);
}

// ---- of two, broadcast ----

/** a + b.  da = dy, db = dy, each summed back to the shape it was broadcast from */
export const add = binary('add', 'Add', (dy) => [dy, dy]);

/** a − b.  da = dy, db = −dy */
export const subtract = binary('subtract', 'Sub', (dy) => [dy, negate(dy)]);

/** a b.  da = dy b, db = dy a */
export const multiply = binary('multiply', 'Mul', (dy, a, b) => [multiply(dy, b), multiply(dy, a)]);

/** a / b.  da = dy / b, db = −dy y / b */
export const divide = binary('divide', 'Div', (dy, _, b, y) => [divide(dy, b), negate(divide(multiply(dy, y), b))]);

/** The larger of two.  da = dy where a > b, half of dy where they are equal, as PyTorch has it */
export const maximum = binary('maximum', 'Max', (dy, a, b) => [
  multiply(dy, preference(a, b)),
  multiply(dy, preference(b, a)),
]);

/** The smaller of two.  da = dy where a < b, half of dy where they are equal, as PyTorch has it */
export const minimum = binary('minimum', 'Min', (dy, a, b) => [
  multiply(dy, preference(b, a)),
  multiply(dy, preference(a, b)),
]);

/** y = aᵇ    da = dy b aᵇ⁻¹, 0 where b is 0    db = dy y log a, 0 where a is 0 */
const powOperation = binary('pow', 'Pow', (dy, a, b, y) => {
  const isZero = equal(a, 0);
  const lower = where(equal(b, 0), 0, subtract(b, 1));
  return [
    multiply(dy, multiply(b, pow(a, lower))),
    multiply(dy, multiply(y, log(where(isZero, scalar(1, a.dtype), a)))),
  ];
});

/**
 * aᵇ. With a plain number b, a may be negative where b is whole; with a tensor b, a ≥ 0. The gradient at a = 0 is
 * infinite for b < 1, as the derivative is.
 */
export function pow(a: TensorLike, b: TensorLike): Tensor {
  if (typeof b !== 'number' || typeof a === 'number') return powOperation(a, b);
  if (b === 0) return expand(scalar(1, a.dtype), a.shape);
  if (b === 1) return a;
  if (b === 2) return square(a);
  if (b === 0.5) return sqrt(a);
  if (b === -1) return reciprocal(a);
  return powOperation(a, b);
}

// ---- below: internals ----

/** What share of a gradient goes to a where the larger of a and b is taken: 1, 0, or a half where they are equal. */
function preference(a: Tensor, b: Tensor): Tensor {
  return multiply(add(cast(greater(a, b), a.dtype), cast(greaterOrEqual(a, b), a.dtype)), 0.5);
}

export interface UnaryOptions {
  readonly attributes?: OnnxAttributes;
  /** The same by other operations; null where the kernel serves. */
  readonly decompose?: (x: Tensor, target: Target) => Tensor | null;
}

/** An operation on each element by itself: `gradient(dy, x, y)` is the rule. */
export function unary(
  name: string,
  type: string,
  gradient: ((dy: Tensor, x: Tensor, y: Tensor) => Tensor) | NoGradient,
  { attributes, decompose }: UnaryOptions = {},
): (x: Tensor) => Tensor {
  const operation: Operation<null> = {
    name,
    gradient: typeof gradient === 'function' ? (dy, { inputs: [x], outputs: [y] }) => [gradient(dy, x, y)] : gradient,
    lower: (emit, inputs) => emit.node(type, inputs, attributes),
    ...(decompose && { decompose: ({ inputs: [x] }, target) => decompose(x, target) }),
  };
  return (x) => {
    requireFloat(name, 'x', x);
    return apply(operation, [x], null, x);
  };
}

/**
 * An operation on pairs of elements, by NumPy's broadcasting: `gradient(dy, a, b, y)` is the rule before the sums over
 * what was broadcast.
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
    reads: ({ inputs: [a, b], outputs: [y] }) => narrowed(name, a, b, y.shape),
    lower: (emit, inputs) => emit.node(type, inputs),
  };
  return (left, right) => {
    const [a, b] = unified(name, left, right);
    return apply(operation, [a, b], null, { dtype: a.dtype, shape: broadcastShapes(name, a.shape, b.shape) });
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
