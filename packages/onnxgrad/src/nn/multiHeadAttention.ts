import type { Parameter, Tensor } from '../graph/tensor.ts';
import { attention } from '../ops/attention.ts';
import { dropout } from '../ops/dropout.ts';
import { add, multiply } from '../ops/elementwise.ts';
import { linear, matmul } from '../ops/matmul.ts';
import { reshape, transpose } from '../ops/shape.ts';
import { softmax } from '../ops/softmax.ts';
import { split } from '../ops/stack.ts';
import { type Initializer, zeros } from './initializer.ts';
import { evenlyWithin, Linear } from './linear.ts';
import { inference, type Mode } from './mode.ts';

export interface MultiHeadAttentionOptions {
  readonly features: number;
  readonly heads: number;
  /** The probability that training drops a weight of a value; 0 unless given. */
  readonly dropout?: number;
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
  readonly dropout: number;
  readonly #stream: number;

  constructor({ features, heads, dropout = 0 }: MultiHeadAttentionOptions, init: Initializer) {
    this.in_proj_weight = init.draw([3 * features, features], { kind: 'xavierUniform' });
    this.in_proj_bias = init.draw([3 * features], zeros);
    const initial = evenlyWithin(1 / Math.sqrt(features));
    this.out_proj = new Linear({ inputs: features, outputs: features, initial }, init);
    this.heads = heads;
    this.dropout = dropout;
    this.#stream = init.stream();
  }

  apply(queries: Tensor, inputs: MultiHeadAttentionInputs = {}, { training }: Mode = inference): Tensor {
    const { keys = queries, values = keys, bias } = inputs;
    const weights = split(this.in_proj_weight, 3, 0);
    const biases = split(this.in_proj_bias, 3, 0);
    const [q, k, v] = [queries, keys, values].map((x, i) => linear(x, weights[i], biases[i]));
    const drops = training && this.dropout > 0;
    return this.out_proj.apply(drops ? this.#dropping(q, k, v, bias) : attention(q, k, v, { heads: this.heads, bias }));
  }

  /** Attention step by step, since the fused one shows nobody its weights. */
  #dropping(q: Tensor, k: Tensor, v: Tensor, bias: Tensor | undefined): Tensor {
    const [batch, steps, features] = q.shape;
    const width = features / this.heads;
    // [B, N, heads · d] → [B, heads, N, d]
    const toHeads = (x: Tensor) => transpose(reshape(x, [batch, -1, this.heads, width]), [0, 2, 1, 3]);
    const scores = matmul(multiply(toHeads(q), 1 / Math.sqrt(width)), toHeads(k), { transposeB: true });
    const weights = softmax(bias ? add(scores, bias) : scores, -1);
    const kept = dropout(weights, this.dropout, { training: true, stream: this.#stream });
    return reshape(transpose(matmul(kept, toHeads(v)), [0, 2, 1, 3]), [batch, steps, features]);
  }
}
