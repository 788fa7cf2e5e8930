import { apply, type Operation } from '../graph/operation.ts';
import { axisOf, requireFloat } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { exp, multiply, subtract } from './elementwise.ts';
import { sum } from './reduce.ts';

interface Axis {
  readonly axis: number;
}

/** y = eˣ / Σ eˣ    dx = y (dy − Σ dy y) */
const softmaxOperation: Operation<Axis> = {
  name: 'softmax',
  gradient: (dy, { outputs: [y], attributes: { axis } }) => [
    multiply(y, subtract(dy, sum(multiply(dy, y), axis, { keepAxes: true }))),
  ],
  lower: (emit, inputs, { attributes: { axis } }) => emit.node('Softmax', inputs, { axis }),
};

/** y = x − log Σ eˣ    dx = dy − eʸ Σ dy */
const logSoftmaxOperation: Operation<Axis> = {
  name: 'logSoftmax',
  gradient: (dy, { outputs: [y], attributes: { axis } }) => [
    subtract(dy, multiply(exp(y), sum(dy, axis, { keepAxes: true }))),
  ],
  lower: (emit, inputs, { attributes: { axis } }) => emit.node('LogSoftmax', inputs, { axis }),
};

/**
 * Shares along an axis (the last unless given) that sum to 1. Where x is −∞ the share is 0 and so is the gradient. A
 * row that is −∞ throughout has no shares: it becomes NaN, and so would its gradient; mask with a large negative
 * number, such as −1e9, where a row may be masked as a whole: then its shares are equal.
 */
export const softmax = along(softmaxOperation);

/** The logarithm of `softmax`, without underflow. */
export const logSoftmax = along(logSoftmaxOperation);

// ---- below: internals ----

function along(operation: Operation<Axis>): (x: Tensor, axis?: number) => Tensor {
  return (x, axis = -1) => {
    requireFloat(operation.name, 'x', x);
    return apply(operation, [x], { axis: axisOf(operation.name, x, axis) }, x);
  };
}
