import { fail, requireShape } from '../graph/shapes.ts';
import type { Parameter, Tensor } from '../graph/tensor.ts';
import { type Shape, shown, sizeOf } from '../graph/tensorData.ts';
import { linear } from '../ops/matmul.ts';
import { reshape, transpose } from '../ops/shape.ts';
import { Convolution } from './convolution.ts';
import type { Distribution, Initializer } from './initializer.ts';
import { fieldNames } from './state.ts';

export interface PatchEmbeddingOptions {
  /** 3 unless given. */
  readonly channels?: number;
  /** The size of a patch: [height, width], or [frames, height, width] of a tubelet. */
  readonly patch: Shape;
  readonly features: number;
  readonly initial?: Distribution;
  /** What checkpoints call the layer: `proj`, as timm, unless given. */
  readonly name?: string;
}

/**
 * Cuts images or clips into patches and makes a token of each: a convolution whose kernel is as long as its stride,
 * written as one matrix product. x: [N, channels, ...spatial], multiples of the patch → [N, tokens, features], the
 * last spatial axis fastest.
 */
export class PatchEmbedding {
  readonly proj: { readonly weight: Parameter; readonly bias: Parameter | null }; // [features, channels, ...patch]
  readonly patch: Shape;
  readonly [fieldNames]?: Readonly<Record<string, string>>;

  constructor({ channels = 3, patch, features, initial, name }: PatchEmbeddingOptions, init: Initializer) {
    this.proj = new Convolution({ inputs: channels, outputs: features, kernel: patch, initial }, init);
    this.patch = patch;
    if (name !== undefined) this[fieldNames] = { proj: name };
  }

  /** How many patches lie along each spatial axis of a shape [N, channels, ...spatial]. */
  grid(shape: Shape): number[] {
    const counts = shape.slice(2).map((length, axis) => length / this.patch[axis]);
    if (counts.length === this.patch.length && counts.every(Number.isInteger)) return counts;
    return fail('PatchEmbedding', 'x', `has shape ${shown(shape)}`, `multiples of the patch ${shown(this.patch)}`);
  }

  apply(x: Tensor): Tensor {
    const { weight, bias } = this.proj;
    const [features, channels] = weight.shape;
    const counts = this.grid(x.shape);
    requireShape('PatchEmbedding', 'x', x, [x.shape[0], channels, ...x.shape.slice(2)]);
    // [N, channels, h, kh, w, kw] → [N, h, w, channels, kh, kw]
    const apart = reshape(x, [x.shape[0], channels, ...counts.flatMap((count, axis) => [count, this.patch[axis]])]);
    const outer = counts.map((_, axis) => 2 + 2 * axis);
    const inside = counts.map((_, axis) => 3 + 2 * axis);
    const patches = reshape(transpose(apart, [0, ...outer, 1, ...inside]), [x.shape[0], sizeOf(counts), -1]);
    return linear(patches, reshape(weight, [features, -1]), bias);
  }
}
