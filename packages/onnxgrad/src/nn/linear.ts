import type { Parameter, Tensor } from '../graph/tensor.ts';
import { linear } from '../ops/matmul.ts';
import { type Distribution, type Initializer, zeros } from './initializer.ts';

export interface LinearOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Yes unless told. */
  readonly bias?: boolean;
  /**
   * Unless given, weight and bias are spread evenly over ±1/√inputs, as PyTorch's nn.Linear; with it, the bias starts
   * at 0.
   */
  readonly initial?: Distribution;
}

/** y = x wᵀ + b. x: [..., inputs] → [..., outputs]. */
export class Linear {
  readonly weight: Parameter; // [outputs, inputs]
  readonly bias: Parameter | null; // [outputs]

  constructor({ inputs, outputs, bias = true, initial }: LinearOptions, init: Initializer) {
    const even = evenlyWithin(1 / Math.sqrt(inputs));
    this.weight = init.draw([outputs, inputs], initial ?? even);
    this.bias = bias ? init.draw([outputs], initial ? zeros : even) : null;
  }

  apply(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }
}

/** PyTorch's choice for the weights and biases of linear layers and convolutions. */
export const evenlyWithin = (bound: number): Distribution => ({ kind: 'uniform', low: -bound, high: bound });
