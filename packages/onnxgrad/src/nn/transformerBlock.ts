import type { Tensor } from '../graph/tensor.ts';
import { stochasticDepth } from '../ops/dropout.ts';
import { add } from '../ops/elementwise.ts';
import type { Distribution, Initializer } from './initializer.ts';
import { LayerNorm } from './layerNorm.ts';
import { Mlp, type MlpOptions } from './mlp.ts';
import { inference, type Mode, stretchIf } from './mode.ts';
import { SelfAttention, type SelfAttentionInputs, type SelfAttentionOptions } from './selfAttention.ts';

export interface TransformerBlockOptions {
  readonly features: number;
  readonly heads: number;
  /** The width inside the MLP, as a multiple of `features`; 4 unless given. */
  readonly mlpRatio?: number;
  readonly attentionBias?: SelfAttentionOptions['bias'];
  readonly activation?: MlpOptions['activation'];
  /** Of the norms; 1e-6 unless given, as in ViT. */
  readonly epsilon?: number;
  /** The probability that training passes a sample around each branch; 0 unless given. */
  readonly dropPath?: number;
  readonly initial?: Distribution;
  readonly mlpNames?: MlpOptions['names'];
}

/** x + attention(norm(x)), then x + mlp(norm(x)), as in ViT. x: [B, N, features] → the same shape. */
export class TransformerBlock {
  readonly norm1: LayerNorm;
  readonly attn: SelfAttention;
  readonly norm2: LayerNorm;
  readonly mlp: Mlp;
  readonly dropPath: number;
  readonly #streams: readonly [number, number];

  constructor(options: TransformerBlockOptions, init: Initializer) {
    const { features, heads, mlpRatio = 4, epsilon = 1e-6, dropPath = 0, initial, activation } = options;
    this.norm1 = new LayerNorm({ features, epsilon }, init);
    this.attn = new SelfAttention({ features, heads, bias: options.attentionBias, initial }, init);
    this.norm2 = new LayerNorm({ features, epsilon }, init);
    const hidden = Math.trunc(features * mlpRatio);
    this.mlp = new Mlp({ inputs: features, hidden, activation, initial, names: options.mlpNames }, init);
    this.dropPath = dropPath;
    this.#streams = [init.stream(), init.stream()];
  }

  apply(x: Tensor, mode: Mode = inference, inputs: SelfAttentionInputs = {}): Tensor {
    // Of a block that is rematerialised, what attention gives is kept besides the result: small, and dear to make.
    const mixed = stretchIf(mode, () => this.attn.mix(this.norm1.apply(x), inputs));
    return stretchIf(mode, () => {
      const between = add(x, this.#maybe(this.attn.proj.apply(mixed), 0, mode));
      return add(between, this.#maybe(this.mlp.apply(this.norm2.apply(between), mode), 1, mode));
    });
  }

  #maybe(branch: Tensor, which: 0 | 1, { training }: Mode): Tensor {
    return stochasticDepth(branch, this.dropPath, { training, stream: this.#streams[which] });
  }
}
