import type { Tensor } from '../graph/tensor.ts';
import { sizeOf } from '../graph/tensorData.ts';
import { matmul } from './matmul.ts';
import { replaced, reshape } from './shape.ts';

/** The product of a matrix with every line of x along an axis. matrix: [out, in]; the axis goes from in to out. */
export function alongAxis(x: Tensor, axis: number, matrix: Tensor): Tensor {
  const shape = replaced(x.shape, axis, matrix.shape[0]);
  const outer = sizeOf(x.shape.slice(0, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  const product =
    inner === 1
      ? matmul(reshape(x, [outer, x.shape[axis]]), matrix, { transposeB: true })
      : matmul(matrix, reshape(x, [outer, x.shape[axis], inner]));
  return reshape(product, shape);
}
