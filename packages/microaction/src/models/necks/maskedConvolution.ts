import { multiply, relu, type Tensor } from 'onnxgrad';
import { type Initializer, LayerNorm } from 'onnxgrad/nn';
import { TimeConvolution } from './timeConvolution.ts';

export interface MaskedConvolutionOptions {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
}

/**
 * Convolution over time, layer norm, ReLU; steps that are not valid are zero before the norm and after it (OpenTAD's
 * `ConvModule` with a layer norm). The norm of zeros is its bias, hence twice.
 */
export class MaskedConvolution {
  readonly conv: TimeConvolution;
  readonly norm: LayerNorm;

  constructor(options: MaskedConvolutionOptions, init: Initializer) {
    this.conv = new TimeConvolution({ ...options, bias: false }, init);
    this.norm = new LayerNorm({ features: options.outputs, epsilon: 1e-6 }, init);
  }

  /** x: [B, T, inputs], mask: [B, T, 1] of zeros and ones → [B, T, outputs]. */
  apply(x: Tensor, mask: Tensor): Tensor {
    return multiply(relu(this.norm.apply(multiply(this.conv.apply(x), mask))), mask);
  }
}
