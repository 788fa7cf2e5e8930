import { multiply, relu, type Tensor } from 'onnxgrad';
import { type Initializer, LayerNorm } from 'onnxgrad/nn';
import { TimeConvolution } from './timeConvolution.ts';

export interface MaskedConvolutionOptions {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
}

/**
 * Convolution over time, layer norm, ReLU; steps that are not valid come out as zeros (OpenTAD's `ConvModule` with a layer
 * norm, which sets them to zero before the norm as well: the norm is of each step by itself, so that changes nothing).
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
    return multiply(relu(this.norm.apply(this.conv.apply(x))), mask);
  }
}
