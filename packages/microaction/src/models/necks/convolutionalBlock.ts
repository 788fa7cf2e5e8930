import { add, gelu, maxPool, multiply, type Parameter, reshape, slice, stochasticDepth, type Tensor } from 'onnxgrad';
import { type Initializer, inference, LayerNorm, type Mode, stretchIf } from 'onnxgrad/nn';
import { ConvolutionalAttention } from './convolutionalAttention.ts';
import { TimeConvolution } from './timeConvolution.ts';

export interface ConvolutionalBlockOptions {
  readonly features: number;
  readonly heads: number;
  /** See `ConvolutionalAttention`. */
  readonly window: number | null;
  /** 2 halves the sequence; 1 unless given. */
  readonly stride?: 1 | 2;
  /** Probability that training passes a sample around each branch. Above 0, branches also have learned scales. */
  readonly dropPath: number;
}

/**
 * A transformer block over time: attention behind a layer norm, then an MLP behind another, each added to what it read.
 * Where it strides, the sum goes on from the largest of three neighbours (ActionFormer; names are OpenTAD's).
 */
export class ConvolutionalBlock {
  readonly ln1: LayerNorm;
  readonly ln2: LayerNorm;
  readonly attn: ConvolutionalAttention;
  readonly mlp: { readonly 0: TimeConvolution; readonly 3: TimeConvolution };
  readonly drop_path_attn: ScaledDropPath | null;
  readonly drop_path_mlp: ScaledDropPath | null;
  readonly stride: 1 | 2;

  constructor({ stride = 1, ...options }: ConvolutionalBlockOptions, init: Initializer) {
    const { features, dropPath } = options;
    this.ln1 = new LayerNorm({ features }, init);
    this.ln2 = new LayerNorm({ features }, init);
    this.attn = new ConvolutionalAttention({ ...options, stride }, init);
    this.mlp = {
      0: new TimeConvolution({ inputs: features, outputs: 4 * features }, init),
      3: new TimeConvolution({ inputs: 4 * features, outputs: features }, init),
    };
    this.drop_path_attn = dropPath > 0 ? new ScaledDropPath(features, dropPath, init) : null;
    this.drop_path_mlp = dropPath > 0 ? new ScaledDropPath(features, dropPath, init) : null;
    this.stride = stride;
  }

  /** Which steps of those that come out are valid: mask [B, T, 1] → [B, T / stride, 1], those at every stride-th step. */
  maskOf(mask: Tensor): Tensor {
    return this.stride === 1 ? mask : slice(mask, 1, 0, mask.shape[1] - this.stride + 1, this.stride);
  }

  /**
   * @param x - [B, T, features], T a multiple of the stride
   * @param mask - [B, T / stride, 1], as `maskOf` gives it
   * @returns [B, T / stride, features]
   */
  apply(x: Tensor, mask: Tensor, mode: Mode = inference): Tensor {
    const scaled = (branch: Tensor, path: ScaledDropPath | null) => path?.apply(branch, mode) ?? branch;
    const mixed = stretchIf(mode, () => this.attn.apply(this.ln1.apply(x), mask));
    return stretchIf(mode, () => {
      const between = add(multiply(this.#shortened(x), mask), scaled(mixed, this.drop_path_attn));
      const hidden = gelu(this.mlp[0].apply(this.ln2.apply(between)));
      return add(between, scaled(multiply(this.mlp[3].apply(hidden), mask), this.drop_path_mlp));
    });
  }

  #shortened(x: Tensor): Tensor {
    if (this.stride === 1) return x;
    const [batch, steps, features] = x.shape;
    const plane = reshape(x, [batch, 1, steps, features]);
    const largest = maxPool(plane, [3, 1], { stride: [this.stride, 1], padding: [1, 0] });
    return reshape(largest, [batch, steps / this.stride, features]);
  }
}

// ---- below: internals ----

/** A residual branch times a learned factor a channel, left out for whole samples at random in training. */
class ScaledDropPath {
  readonly scale: Parameter; // [1, features, 1]
  readonly rate: number;
  readonly #stream: number;

  constructor(features: number, rate: number, init: Initializer) {
    this.scale = init.draw([1, features, 1], { kind: 'constant', value: 1e-4 });
    this.rate = rate;
    this.#stream = init.stream();
  }

  /** branch: [B, T, features] → the same shape. */
  apply(branch: Tensor, { training }: Mode): Tensor {
    const scale = reshape(this.scale, [1, 1, -1]);
    return stochasticDepth(multiply(branch, scale), this.rate, { training, stream: this.#stream });
  }
}
