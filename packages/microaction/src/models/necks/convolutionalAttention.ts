import { attention, localAttention, multiply, reshape, subtract, type Tensor } from 'onnxgrad';
import { type Initializer, LayerNorm } from 'onnxgrad/nn';
import { TimeConvolution } from './timeConvolution.ts';

export interface ConvolutionalAttentionOptions {
  readonly features: number;
  readonly heads: number;
  /** Steps that each step attends to, itself in the middle; odd. Null for all. */
  readonly window: number | null;
  /** 2 halves the sequence. */
  readonly stride: number;
}

/**
 * Self-attention over time whose queries, keys and values each come from a depthwise convolution and a layer norm: the
 * convolutions tell neighbours apart, so no positions are needed, and shorten the sequence where they stride
 * (ActionFormer, Zhang et al. 2022, arXiv 2202.07925; names are OpenTAD's `MaskedMHCA` and `LocalMaskedMHCA`).
 */
export class ConvolutionalAttention {
  readonly query_conv: Depthwise;
  readonly query_norm: LayerNorm;
  readonly key_conv: Depthwise;
  readonly key_norm: LayerNorm;
  readonly value_conv: Depthwise;
  readonly value_norm: LayerNorm;
  readonly key: TimeConvolution;
  readonly query: TimeConvolution;
  readonly value: TimeConvolution;
  readonly proj: TimeConvolution;
  readonly heads: number;
  readonly window: number | null;

  constructor({ features, heads, window, stride }: ConvolutionalAttentionOptions, init: Initializer) {
    const shared = { inputs: features, outputs: features };
    const depthwise = () => ({
      conv: new TimeConvolution({ ...shared, kernel: 3, stride, depthwise: true, bias: false }, init),
    });
    const norm = () => new LayerNorm({ features }, init);
    const pointwise = () => new TimeConvolution(shared, init);
    [this.query_conv, this.query_norm] = [depthwise(), norm()];
    [this.key_conv, this.key_norm] = [depthwise(), norm()];
    [this.value_conv, this.value_norm] = [depthwise(), norm()];
    [this.key, this.query, this.value, this.proj] = [pointwise(), pointwise(), pointwise(), pointwise()];
    this.heads = heads;
    this.window = window;
  }

  /**
   * @param x - [B, T, features], of all steps
   * @param mask - [B, ⌈T / stride⌉, 1], 1 where a step that comes out is valid
   * @returns [B, ⌈T / stride⌉, features], zero where the mask is
   */
  apply(x: Tensor, mask: Tensor): Tensor {
    const { heads, window } = this;
    // What stands at steps that are not valid is not attended to, and does not come out.
    const part = ({ conv }: Depthwise, norm: LayerNorm, product: TimeConvolution) =>
      product.apply(norm.apply(conv.apply(x)));
    const q = part(this.query_conv, this.query_norm, this.query);
    const k = part(this.key_conv, this.key_norm, this.key);
    const v = part(this.value_conv, this.value_norm, this.value);
    const [batch, steps] = mask.shape;
    const bias = (ofNotValid: number) => multiply(subtract(1, reshape(mask, [batch, steps])), ofNotValid);
    const y =
      window === null
        ? attention(q, k, v, { heads, bias: reshape(bias(outOfSight), [batch, 1, 1, steps]) })
        : localAttention(q, k, v, { heads, window, keyBias: bias(localOutOfSight) });
    return multiply(this.proj.apply(y), mask);
  }
}

// ---- below: internals ----

/** Added to the scores of steps that are not valid: exp of it is zero; where no step is valid, nothing is NaN. */
const outOfSight = -1e9;
/** The reference's within windows, to the number. */
const localOutOfSight = -1e4;

interface Depthwise {
  readonly conv: TimeConvolution;
}
