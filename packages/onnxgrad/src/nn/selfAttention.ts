import type { Parameter, Tensor } from '../graph/tensor.ts';
import { attention } from '../ops/attention.ts';
import { linear } from '../ops/matmul.ts';
import { split } from '../ops/stack.ts';
import { type Distribution, type Initializer, zeros } from './initializer.ts';
import { Linear } from './linear.ts';

export interface SelfAttentionOptions {
  readonly features: number;
  readonly heads: number;
  /**
   * What has a bias: all of queries, keys and values, as `qkv.bias` (timm's ViT; so unless told); or queries and values
   * only, as `q_bias` and `v_bias` (BEiT, VideoMAE); or nothing.
   */
  readonly bias?: 'all' | 'queries-values' | 'none';
  /** Of both weights; PyTorch's unless given. */
  readonly initial?: Distribution;
}

export interface SelfAttentionInputs {
  /** Added to the scores, broadcast to [B, heads, N, N]: position biases, or masks as large negative numbers. */
  readonly bias?: Tensor;
}

/**
 * Attention of a sequence to itself, with one weight for queries, keys and values. x: [B, N, features] → the same
 * shape.
 */
export class SelfAttention {
  readonly q_bias: Parameter | null; // [features]
  readonly v_bias: Parameter | null; // [features]
  readonly qkv: { readonly weight: Parameter; readonly bias: Parameter | null }; // [3 · features, features]
  readonly proj: Linear;
  readonly heads: number;

  constructor({ features, heads, bias = 'all', initial }: SelfAttentionOptions, init: Initializer) {
    const isSplit = bias === 'queries-values';
    this.q_bias = isSplit ? init.draw([features], zeros) : null;
    this.v_bias = isSplit ? init.draw([features], zeros) : null;
    this.qkv = new Linear({ inputs: features, outputs: 3 * features, bias: bias === 'all', initial }, init);
    this.proj = new Linear({ inputs: features, outputs: features, initial }, init);
    this.heads = heads;
  }

  apply(x: Tensor, inputs: SelfAttentionInputs = {}): Tensor {
    return this.proj.apply(this.mix(x, inputs));
  }

  /** What heads gather from the sequence, before the last product. */
  mix(x: Tensor, { bias }: SelfAttentionInputs = {}): Tensor {
    const weights = split(this.qkv.weight, 3, 0);
    const biases = this.qkv.bias ? split(this.qkv.bias, 3, 0) : [this.q_bias, null, this.v_bias];
    // One product and its three parts would be as quick forward, but slower backward, where the gradients of the parts
    // are joined.
    const [q, k, v] = weights.map((weight, i) => linear(x, weight, biases[i]));
    return attention(q, k, v, { heads: this.heads, bias });
  }
}
