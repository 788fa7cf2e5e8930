import { apply, type Operation } from '../graph/operation.ts';
import type { Tensor } from '../graph/tensor.ts';

/** y = x    no gradient: what is behind counts as given */
const stopOperation: Operation<null> = {
  name: 'stopGradient',
  gradient: { none: 'stopped' },
  lower: (emit, inputs) => emit.node('Identity', inputs),
};

/** x as it is, but a constant to `grad`. */
export const stopGradient = (x: Tensor): Tensor => apply(stopOperation, [x], null, x);
