import { apply, type Operation } from '../graph/operation.ts';
import { axesOf } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';

interface Axes {
  readonly axes: readonly number[];
}

/** y = x read backwards along axes    dx = dy read backwards */
const flipOperation: Operation<Axes> = {
  name: 'flip',
  gradient: (dy, { attributes: { axes } }) => [flip(dy, axes)],
  lower: (emit, [x], { attributes: { axes } }) => {
    const [start, end] = [-1, Number.MIN_SAFE_INTEGER].map((value) => emit.integers(axes.map(() => value)));
    return emit.node('Slice', [x, start, end, emit.integers(axes), emit.integers(axes.map(() => -1))]);
  },
};

/** The elements in reverse order along axes, all of them unless given. */
export function flip(x: Tensor, axes?: number | readonly number[]): Tensor {
  const long = axesOf('flip', x, axes).filter((axis) => x.shape[axis] > 1);
  return long.length === 0 ? x : apply(flipOperation, [x], { axes: long }, x);
}
