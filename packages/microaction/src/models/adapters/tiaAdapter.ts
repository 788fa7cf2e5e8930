import { add, gelu, type Parameter, reshape, type Tensor } from 'onnxgrad';
import { type Initializer, type Linear, ones } from 'onnxgrad/nn';
import type { Adapter, TokenGrid } from './adapter.ts';
import { addProjected, downProjection, upProjection, type Widths } from './projections.ts';
import { TokenConvolution } from './tokenConvolution.ts';

export interface TiaOptions {
  /** Of the convolution over time; odd, 3 unless given. */
  readonly kernelSteps?: number;
}

/**
 * The temporal-informative adapter: z = GELU(down(x)), z += pointwise(depthwise(z)) over time, y = x + gamma · up(z).
 * Time runs through all clips of a video, so that each clip learns of its neighbours (Liu et al. 2024, arXiv 2311.17241,
 * equation 2; the names are OpenTAD's `Adapter`).
 */
export class TiaAdapter implements Adapter {
  readonly gamma: Parameter; // [1]
  readonly dwconv: TokenConvolution;
  readonly conv: TokenConvolution;
  readonly down_proj: Linear;
  readonly up_proj: Linear;

  constructor({ width, hidden, kernelSteps = 3 }: Widths & TiaOptions, init: Initializer) {
    this.gamma = init.draw([1], ones);
    this.dwconv = new TokenConvolution({ channels: hidden, kernel: [kernelSteps], depthwise: true }, init);
    this.conv = new TokenConvolution({ channels: hidden, kernel: [1], depthwise: false }, init);
    this.down_proj = downProjection({ width, hidden }, init);
    this.up_proj = upProjection({ width, hidden }, init);
  }

  apply(tokens: Tensor, { videos, steps, rows, columns }: TokenGrid): Tensor {
    const hidden = gelu(this.down_proj.apply(tokens)); // [clips, N, hidden]
    const inTime = reshape(hidden, [videos, steps, rows * columns, -1]);
    const mixed = add(inTime, this.conv.apply(this.dwconv.apply(inTime)));
    return addProjected(tokens, reshape(mixed, hidden.shape), this.up_proj, this.gamma);
  }
}
