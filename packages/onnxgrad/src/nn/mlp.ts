import type { Tensor } from '../graph/tensor.ts';
import { gelu } from '../ops/activation.ts';
import type { Distribution, Initializer } from './initializer.ts';
import { Linear } from './linear.ts';
import { fieldNames } from './state.ts';

export interface MlpOptions {
  readonly inputs: number;
  readonly hidden: number;
  /** As many as inputs unless given. */
  readonly outputs?: number;
  /** Yes unless told. */
  readonly bias?: boolean;
  /** Exact GELU unless given. */
  readonly activation?: (x: Tensor) => Tensor;
  /** Of both weights; PyTorch's unless given. */
  readonly initial?: Distribution;
  /** What checkpoints call the two layers: `fc1` and `fc2`, as timm, unless given. */
  readonly names?: { readonly fc1: string; readonly fc2: string };
}

/** Linear, activation, linear. x: [..., inputs] → [..., outputs]. */
export class Mlp {
  readonly fc1: Linear;
  readonly fc2: Linear;
  readonly activation: (x: Tensor) => Tensor;
  readonly [fieldNames]?: Readonly<Record<string, string>>;

  constructor(options: MlpOptions, init: Initializer) {
    const { inputs, hidden, outputs = inputs, activation = gelu, names, ...rest } = options;
    this.fc1 = new Linear({ inputs, outputs: hidden, ...rest }, init);
    this.fc2 = new Linear({ inputs: hidden, outputs, ...rest }, init);
    this.activation = activation;
    this[fieldNames] = names;
  }

  apply(x: Tensor): Tensor {
    return this.fc2.apply(this.activation(this.fc1.apply(x)));
  }
}
