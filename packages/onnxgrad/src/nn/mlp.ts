import type { Tensor } from '../graph/tensor.ts';
import { gelu } from '../ops/activation.ts';
import { dropout } from '../ops/dropout.ts';
import type { Distribution, Initializer } from './initializer.ts';
import { Linear } from './linear.ts';
import { inference, type Mode } from './mode.ts';
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
  /** The probability that training drops a number, behind the activation and at the end; 0 unless given. */
  readonly dropout?: number;
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
  readonly dropout: number;
  readonly [fieldNames]?: Readonly<Record<string, string>>;
  readonly #streams: readonly [number, number];

  constructor(options: MlpOptions, init: Initializer) {
    const { inputs, hidden, outputs = inputs, activation = gelu, dropout = 0, names, ...rest } = options;
    this.fc1 = new Linear({ inputs, outputs: hidden, ...rest }, init);
    this.fc2 = new Linear({ inputs: hidden, outputs, ...rest }, init);
    this.activation = activation;
    this.dropout = dropout;
    this[fieldNames] = names;
    this.#streams = [init.stream(), init.stream()];
  }

  apply(x: Tensor, { training }: Mode = inference): Tensor {
    const drop = (y: Tensor, stream: number) => dropout(y, this.dropout, { training, stream });
    const hidden = drop(this.activation(this.fc1.apply(x)), this.#streams[0]);
    return drop(this.fc2.apply(hidden), this.#streams[1]);
  }
}
