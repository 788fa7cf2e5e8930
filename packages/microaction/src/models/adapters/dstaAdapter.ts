import { add, concat, expand, gelu, multiply, type Parameter, reshape, type Tensor } from 'onnxgrad';
import { type Initializer, type Linear, ones } from 'onnxgrad/nn';
import type { Adapter, TokenGrid } from './adapter.ts';
import { addProjected, downProjection, upProjection, type Widths } from './projections.ts';
import { TokenConvolution } from './tokenConvolution.ts';

/** What the paper leaves open: its formula, its text and its count of parameters do not agree. */
export interface DstaOptions {
  /** Whether both paths start from one projection, or each from its own. */
  readonly sharedDown: boolean;
  /** `depthwise`: of each channel by itself; else one convolution of all channels. `pointwise`: another of kernel 1 follows. */
  readonly spatial: { readonly kernel: number; readonly depthwise: boolean; readonly pointwise: boolean };
  /** Depthwise over time, with another of kernel 1 behind it or not. */
  readonly temporal: { readonly kernel: number; readonly pointwise: boolean };
}

/** Three readings, with the trained parameters that each gives a ViT-S of 12 blocks; the paper counts 1.80 · 2²⁰. */
export const dstaReadings = {
  /** Equation 3 to the letter, with the paths of TIA: 1.500 · 2²⁰. */
  equation3: {
    sharedDown: true,
    spatial: { kernel: 3, depthwise: true, pointwise: true },
    temporal: { kernel: 3, pointwise: true },
  },
  /** TIA's two convolutions, one for each path, closest to the count of table 4: 1.805 · 2²⁰. */
  table4: {
    sharedDown: false,
    spatial: { kernel: 1, depthwise: false, pointwise: false },
    temporal: { kernel: 3, pointwise: false },
  },
  /** The one that sees neighbours in space, at about that count: 1.816 · 2²⁰. */
  wide: {
    sharedDown: false,
    spatial: { kernel: 3, depthwise: true, pointwise: false },
    temporal: { kernel: 3, pointwise: true },
  },
} as const satisfies Record<string, DstaOptions>;

/**
 * The dual spatio-temporal adapter of "MMAD: Multi-label Micro-Action Detection in Videos" (Li et al.,
 * arXiv 2407.05311, equation 3): y = x + alpha · up([beta · s ; gamma · t]), with s = S(zₛ) + zₛ by a convolution over
 * space, t = T(zₜ) + zₜ by one over time, and z = GELU(down(x)). No official code is public: what is not in the formula
 * is an option, and the names are TIA's where it has them.
 */
export class DstaAdapter implements Adapter {
  readonly alpha: Parameter; // [1]
  readonly beta: Parameter; // [1]
  readonly gamma: Parameter; // [1]
  readonly down_proj: Linear | null;
  readonly down_proj_s: Linear | null;
  readonly down_proj_t: Linear | null;
  readonly s_dwconv: TokenConvolution;
  readonly s_conv: TokenConvolution | null;
  readonly dwconv: TokenConvolution;
  readonly conv: TokenConvolution | null;
  readonly up_proj: Linear; // of the spatial path, then the temporal one

  constructor({ width, hidden, sharedDown, spatial, temporal }: Widths & DstaOptions, init: Initializer) {
    this.alpha = init.draw([1], ones);
    this.beta = init.draw([1], ones);
    this.gamma = init.draw([1], ones);
    this.down_proj = sharedDown ? downProjection({ width, hidden }, init) : null;
    this.down_proj_s = sharedDown ? null : downProjection({ width, hidden }, init);
    this.down_proj_t = sharedDown ? null : downProjection({ width, hidden }, init);
    const convolution = (kernel: readonly number[], depthwise: boolean) =>
      new TokenConvolution({ channels: hidden, kernel, depthwise }, init);
    this.s_dwconv = convolution([spatial.kernel, spatial.kernel], spatial.depthwise);
    this.s_conv = spatial.pointwise ? convolution([1, 1], false) : null;
    this.dwconv = convolution([temporal.kernel], true);
    this.conv = temporal.pointwise ? convolution([1], false) : null;
    this.up_proj = upProjection({ width, hidden: 2 * hidden }, init);
  }

  apply(tokens: Tensor, grid: TokenGrid): Tensor {
    const [inSpace, inTime] = this.#hidden(tokens);
    const both = concat([this.#overSpace(inSpace, grid), this.#overTime(inTime, grid)], 2);
    const half = [both.shape[2] / 2];
    const paths = concat([expand(this.beta, half), expand(this.gamma, half)], 0); // [2 hidden]
    return addProjected(tokens, both, this.up_proj, multiply(paths, this.alpha), this.alpha);
  }

  /** What the spatial path and the temporal path start from: [clips, N, hidden] each. */
  #hidden(tokens: Tensor): [Tensor, Tensor] {
    const start = (down: Linear | null) => gelu((down as Linear).apply(tokens));
    if (!this.down_proj) return [start(this.down_proj_s), start(this.down_proj_t)];
    const shared = start(this.down_proj);
    return [shared, shared];
  }

  #overSpace(hidden: Tensor, { videos, steps, rows, columns }: TokenGrid): Tensor {
    const x = reshape(hidden, [videos * steps, rows, columns, -1]);
    const y = this.s_dwconv.apply(x);
    return reshape(add(this.s_conv ? this.s_conv.apply(y) : y, x), hidden.shape);
  }

  #overTime(hidden: Tensor, { videos, steps, rows, columns }: TokenGrid): Tensor {
    const x = reshape(hidden, [videos, steps, rows * columns, -1]);
    const y = this.dwconv.apply(x);
    return reshape(add(this.conv ? this.conv.apply(y) : y, x), hidden.shape);
  }
}
