import { apply, type Operation } from '../graph/operation.ts';
import { axisOf, requireFloat } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { arrayFrom } from '../graph/tensorData.ts';

export interface CumulativeSumOptions {
  /** Whether an element is left out of its own sum; no unless told. */
  readonly exclusive?: boolean;
  /** Whether sums run from the end to the start; no unless told. */
  readonly reverse?: boolean;
}

type Attributes = Required<CumulativeSumOptions> & { readonly axis: number };

/** y_t = Σ x_s over s ≤ t    dx = the same sum of dy from the other end */
const cumulativeSumOperation: Operation<Attributes> = {
  name: 'cumulativeSum',
  gradient: (dy, { attributes: { axis, exclusive, reverse } }) => [
    cumulativeSum(dy, axis, { exclusive, reverse: !reverse }),
  ],
  lower: (emit, [x], { attributes: { axis, exclusive, reverse } }) => {
    const along = emit.constant({ dtype: 'int64', shape: [], data: arrayFrom('int64', [axis]) });
    return emit.node('CumSum', [x, along], { exclusive: Number(exclusive), reverse: Number(reverse) });
  },
};

/** Running sums along an axis. */
export function cumulativeSum(
  x: Tensor,
  axis: number,
  { exclusive = false, reverse = false }: CumulativeSumOptions = {},
): Tensor {
  requireFloat('cumulativeSum', 'x', x);
  const along = axisOf('cumulativeSum', x, axis);
  return apply(cumulativeSumOperation, [x], { axis: along, exclusive, reverse }, x);
}
