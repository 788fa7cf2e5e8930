import type { Parameter, Tensor } from '../graph/tensor.ts';
import { attention } from '../ops/attention.ts';
import { linear } from '../ops/matmul.ts';
import { split } from '../ops/stack.ts';
import { type Initializer, zeros } from './initializer.ts';
import { evenlyWithin, Linear } from './linear.ts';

export interface MultiHeadAttentionOptions {
  readonly features: number;
  readonly heads: number;
}

export interface MultiHeadAttentionInputs {
  /** What keys are made of, [B, M, features]; the queries' input unless given. */
  readonly keys?: Tensor;
  /** What values are made of, [B, M, features]; the keys' input unless given. */
  readonly values?: Tensor;
  /** Added to the scores, broadcast to [B, heads, N, M]: position biases, or masks as large negative numbers. */
  readonly bias?: Tensor;
}

/**
 * Attention of queries to keys and values, with the weights of PyTorch's nn.MultiheadAttention (its three inputs as
 * wide as each other, batch first). queries: [B, N, features] → the same shape.
 */
export class MultiHeadAttention {
  readonly in_proj_weight: Parameter; // [3 · features, features]
  readonly in_proj_bias: Parameter; // [3 · features]
  readonly out_proj: Linear;
  readonly heads: number;

  constructor({ features, heads }: MultiHeadAttentionOptions, init: Initializer) {
    this.in_proj_weight = init.draw([3 * features, features], { kind: 'xavierUniform' });
    this.in_proj_bias = init.draw([3 * features], zeros);
    const initial = evenlyWithin(1 / Math.sqrt(features));
    this.out_proj = new Linear({ inputs: features, outputs: features, initial }, init);
    this.heads = heads;
  }

  apply(queries: Tensor, { keys = queries, values = keys, bias }: MultiHeadAttentionInputs = {}): Tensor {
    const weights = split(this.in_proj_weight, 3, 0);
    const biases = split(this.in_proj_bias, 3, 0);
    const [q, k, v] = [queries, keys, values].map((x, i) => linear(x, weights[i], biases[i]));
    return this.out_proj.apply(attention(q, k, v, { heads: this.heads, bias }));
  }
}
