import { apply, type Operation } from '../graph/operation.ts';
import { fail, requireFloat } from '../graph/shapes.ts';
import { constant, type Tensor } from '../graph/tensor.ts';
import { cast, greater } from './compare.ts';
import {
  abs,
  add,
  clamp,
  divide,
  exp,
  log,
  multiply,
  negate,
  sigmoid,
  sin,
  subtract,
  tanh,
  unary,
} from './elementwise.ts';
import { sum } from './reduce.ts';
import { reshape } from './shape.ts';

/**
 * 1 where x > 0, else 0, as numbers of the type of x. One pass over memory: a comparison and a cast are two, and the
 * slower ones.
 */
export const step = unary(
  'step',
  'HardSigmoid',
  { none: 'piecewise constant' },
  {
    attributes: { alpha: { float: 1e38 }, beta: { float: 0 } },
    decompose: inDouble((x) => cast(greater(x, 0), 'float64')),
  },
);

/** max(x, 0).  dx = dy where x > 0, so 0 at 0 */
export const relu = unary('relu', 'Relu', (dy, _, y) => multiply(dy, step(y)));

/** y = x where x > 0, else slope x    dx = dy (1 or slope) */
const leakyReluOperation: Operation<{ readonly slope: number }> = {
  name: 'leakyRelu',
  gradient: (dy, { inputs: [x], attributes: { slope } }) => [multiply(dy, add(multiply(step(x), 1 - slope), slope))],
  lower: (emit, inputs, { attributes: { slope } }) => emit.node('LeakyRelu', inputs, { alpha: { float: slope } }),
  decompose: ({ inputs: [x], attributes: { slope } }) =>
    x.dtype === 'float64' ? add(clamp(x, 0), multiply(clamp(x, null, 0), slope)) : null,
};

/** x where x > 0, else slope x. */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  requireFloat('leakyRelu', 'x', x);
  return apply(leakyReluOperation, [x], { slope }, x);
}

/**
 * log(1 + eˣ), without overflow.  dx = dy σ(x). In parts max(x, 0) + log(1 + e⁻|ˣ|), which on the processor take a
 * third of the time of ONNX Runtime's kernel.
 */
export const softplus = unary('softplus', 'Softplus', (dy, x) => multiply(dy, sigmoid(x)), {
  decompose: (x, { device, operators }) =>
    x.dtype === 'float64' || (device === 'cpu' && operators === 'onnxruntime')
      ? add(clamp(x, 0), log(add(exp(negate(abs(x))), 1)))
      : null,
});

/** log σ(x), without underflow. */
export const logSigmoid = (x: Tensor): Tensor => negate(softplus(negate(x)));

/** y = x s    dx = dy (s + y (1 − s))    with s = σ(x), computed again */
const siluOperation: Operation<null> = {
  name: 'silu',
  gradient: (dy, { inputs: [x], outputs: [y] }) => {
    const s = sigmoid(x);
    return [multiply(dy, add(s, multiply(y, subtract(1, s))))];
  },
  // ONNX Runtime makes one kernel of the product, also for float64, for which it then has none.
  decompose: ({ inputs: [x] }) => (x.dtype === 'float64' ? divide(x, add(exp(negate(x)), 1)) : multiply(x, sigmoid(x))),
};

/** x σ(x). */
export function silu(x: Tensor): Tensor {
  requireFloat('silu', 'x', x);
  return apply(siluOperation, [x], null, x);
}

/** x tanh(softplus(x)). */
export const mish = (x: Tensor): Tensor => multiply(x, tanh(softplus(x)));

/** The error function, 2/√π ∫₀ˣ e^(−t²) dt.  dx = dy 2/√π e^(−x²) */
export const erf = unary(
  'erf',
  'Erf',
  (dy, x) => multiply(dy, multiply(exp(negate(multiply(x, x))), 2 / Math.sqrt(Math.PI))),
  {
    decompose: inDouble(erfSeries),
  },
);

export interface Approximation {
  readonly approximate: 'none' | 'tanh';
}

/**
 * exact: y = x Φ(x)    dx = dy (Φ(x) + x φ(x))    with φ, Φ the normal density and its integral
 * tanh:  y = x s       dx = dy (s + y (1 − s) w′)    with s = σ(w), w = 2 √(2/π) (x + 0.044715 x³)
 */
const geluOperation: Operation<Approximation> = {
  name: 'gelu',
  gradient: (dy, { inputs: [x], outputs: [y], attributes: { approximate } }) => {
    if (approximate === 'tanh') {
      const xx = multiply(x, x);
      const s = sigmoid(multiply(x, add(multiply(xx, cubic), linear)));
      return [multiply(dy, add(s, multiply(multiply(y, subtract(1, s)), add(multiply(xx, 3 * cubic), linear))))];
    }
    const density = exp(subtract(-0.5 * Math.log(2 * Math.PI), multiply(x, multiply(x, 0.5))));
    return [multiply(dy, add(normalIntegral(x, y), multiply(x, density)))];
  },
  lower: (emit, inputs, { attributes: { approximate } }) => emit.node('Gelu', inputs, { approximate }),
  decompose: ({ inputs: [x], attributes: { approximate } }) => {
    if (x.dtype !== 'float64') return null;
    if (approximate === 'none') return multiply(x, normalIntegral(x));
    return multiply(x, sigmoid(multiply(x, add(multiply(multiply(x, x), cubic), linear))));
  },
};

/**
 * x Φ(x) with the integral of the normal density, or its approximation by tanh (Hendrycks and Gimpel 2016, arXiv
 * 1606.08415).
 */
export function gelu(x: Tensor, { approximate = 'none' }: Partial<Approximation> = {}): Tensor {
  requireFloat('gelu', 'x', x);
  if (approximate !== 'none' && approximate !== 'tanh') {
    fail('gelu', 'approximate', `is ${JSON.stringify(approximate)}`, "'none' or 'tanh'");
  }
  return apply(geluOperation, [x], { approximate }, x);
}

// ---- below: internals ----

const linear = 2 * Math.sqrt(2 / Math.PI);
const cubic = 0.044715 * linear;

/**
 * Φ(x). Where y = x Φ(x) is known, that is y / x, cheaper than the error function again; at x = 0, which zeros in
 * the data make a frequent number, the two small numbers leave ½, and beside any other x they vanish.
 */
function normalIntegral(x: Tensor, y?: Tensor): Tensor {
  if (y && x.dtype !== 'float16') return divide(add(y, 0.5e-20), add(x, 1e-20));
  return multiply(add(erf(multiply(x, Math.SQRT1_2)), 1), 0.5);
}

/**
 * erf to 1e-15, for double precision, in which the engine has none: a wave of ±1 that changes sign every 12, smoothed
 * by e^(−x²)/√π, is erf where |x| ≤ 6, and its Fourier series is short.
 *
 * erf x = 4/π Σ e^(−(nπ/24)²) sin(nπx/12) / n, n odd
 */
function erfSeries(x: Tensor): Tensor {
  const orders = Array.from({ length: 24 }, (_, k) => 2 * k + 1);
  const frequencies = orders.map((n) => (n * Math.PI) / 12);
  const weights = orders.map((n) => ((4 / Math.PI) * Math.exp(-(((n * Math.PI) / 24) ** 2))) / n);
  const row = (values: number[]) => constant(values, { dtype: x.dtype });
  const waves = sin(multiply(reshape(clamp(x, -6, 6), [...x.shape, 1]), row(frequencies)));
  return sum(multiply(waves, row(weights)), -1);
}

/** Parts that are taken for float64 alone. */
function inDouble(build: (x: Tensor) => Tensor): (x: Tensor) => Tensor | null {
  return (x) => (x.dtype === 'float64' ? build(x) : null);
}
