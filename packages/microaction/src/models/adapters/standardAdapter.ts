import { gelu, type Parameter, type Tensor } from 'onnxgrad';
import { type Initializer, type Linear, ones } from 'onnxgrad/nn';
import type { Adapter } from './adapter.ts';
import { addProjected, downProjection, upProjection, type Widths } from './projections.ts';

/**
 * y = x + gamma · up(GELU(down(x))): a bottleneck at each token by itself (Houlsby et al. 2019, arXiv 1902.00751; the
 * names and the learned scale gamma are OpenTAD's `PlainAdapter`).
 */
export class StandardAdapter implements Adapter {
  readonly gamma: Parameter; // [1]
  readonly down_proj: Linear;
  readonly up_proj: Linear;

  constructor(widths: Widths, init: Initializer) {
    this.gamma = init.draw([1], ones);
    this.down_proj = downProjection(widths, init);
    this.up_proj = upProjection(widths, init);
  }

  apply(tokens: Tensor): Tensor {
    return addProjected(tokens, gelu(this.down_proj.apply(tokens)), this.up_proj, this.gamma);
  }
}
