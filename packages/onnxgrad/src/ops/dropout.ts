import { fail, requireFloat } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Shape } from '../graph/tensorData.ts';
import { cast } from './compare.ts';
import { add, floor, multiply } from './elementwise.ts';
import { type RandomOptions, randomUniform } from './random.ts';

export interface DropoutOptions extends RandomOptions {
  /** Whether the program trains; else nothing is dropped. */
  readonly training: boolean;
}

/**
 * In training, sets each number to 0 with probability `rate` and divides the others by 1 − rate (Srivastava et al.
 * 2014).
 */
export function dropout(x: Tensor, rate: number, options: DropoutOptions): Tensor {
  return dropped('dropout', x, rate, x.shape, options);
}

/**
 * In training, sets whole samples (along the first axis) to 0 with probability `rate` and divides the others by 1 −
 * rate: around the branch of a residual block, its drop path (Huang et al. 2016, arXiv 1603.09382).
 */
export function stochasticDepth(x: Tensor, rate: number, options: DropoutOptions): Tensor {
  const perSample = x.shape.map((length, axis) => (axis === 0 ? length : 1));
  return dropped('stochasticDepth', x, rate, perSample, options);
}

// ---- below: internals ----

function dropped(
  operation: string,
  x: Tensor,
  rate: number,
  shape: Shape,
  { training, stream }: DropoutOptions,
): Tensor {
  requireFloat(operation, 'x', x);
  if (!(rate >= 0 && rate < 1)) fail(operation, 'rate', `is ${rate}`, 'a probability from 0 up to, not including, 1');
  if (!training || rate === 0) return x;
  const keep = 1 - rate;
  const isKept = floor(add(randomUniform(shape, { stream }), keep));
  return multiply(x, cast(multiply(isKept, 1 / keep), x.dtype));
}
