import { convolution, GraphError, linear, type Parameter, reshape, type Tensor, transpose } from 'onnxgrad';
import { type Initializer, zeros } from 'onnxgrad/nn';

export interface TokenConvolutionOptions {
  readonly channels: number;
  /** One odd length, along the first of two axes, or one for each; as many tokens come out as go in, zeros beyond the ends. */
  readonly kernel: readonly number[];
  /** Whether each channel is convolved by itself. */
  readonly depthwise: boolean;
}

/** A convolution over tokens that lie along two axes, their channels last: over time and places, or rows and columns. */
export class TokenConvolution {
  readonly weight: Parameter; // [channels, channels or 1, ...kernel]
  readonly bias: Parameter; // [channels]

  constructor({ channels, kernel, depthwise }: TokenConvolutionOptions, init: Initializer) {
    if (!kernel.every((length) => Number.isInteger(length) && length > 0 && length % 2 === 1)) {
      throw new GraphError(`TokenConvolution: kernel is [${kernel.join(', ')}]; expected odd lengths from 1 up`);
    }
    this.weight = init.draw([channels, depthwise ? 1 : channels, ...kernel], { kind: 'kaimingNormal' });
    this.bias = init.draw([channels], zeros);
  }

  /** x: [N, A, B, channels] → the same shape. */
  apply(x: Tensor): Tensor {
    const [channels, perGroup, ...given] = this.weight.shape;
    const kernel = [given[0], given[1] ?? 1];
    const isPointwise = perGroup === channels && kernel.every((length) => length === 1);
    if (isPointwise) return linear(x, reshape(this.weight, [channels, channels]), this.bias);
    // Sums of shifted copies spare the engine the two transposes, but not its time: on windows of 768 frames they take a tenth longer.
    const y = convolution(
      transpose(x, [0, 3, 1, 2]),
      reshape(this.weight, [channels, perGroup, ...kernel]),
      this.bias,
      { padding: kernel.map((length) => (length - 1) / 2), groups: channels / perGroup },
    );
    return transpose(y, [0, 2, 3, 1]);
  }
}
