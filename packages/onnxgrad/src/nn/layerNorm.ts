import type { Parameter, Tensor } from '../graph/tensor.ts';
import { layerNorm } from '../ops/normalisation.ts';
import { type Initializer, ones, zeros } from './initializer.ts';

export interface LayerNormOptions {
  readonly features: number;
  /** Where the features lie; the last axis unless given, 1 for [N, C, T]. */
  readonly axis?: number;
  /** 1e-5 unless given. */
  readonly epsilon?: number;
  /** Whether it has a weight and a bias; yes unless told. */
  readonly affine?: boolean;
}

/** Normalises lines along one axis, the last unless told. x: [..., features] → the same shape. */
export class LayerNorm {
  readonly weight: Parameter | null; // [features]
  readonly bias: Parameter | null; // [features]
  readonly epsilon: number;
  readonly axis: number;

  constructor({ features, axis = -1, epsilon = 1e-5, affine = true }: LayerNormOptions, init: Initializer) {
    this.weight = affine ? init.draw([features], ones) : null;
    this.bias = affine ? init.draw([features], zeros) : null;
    this.epsilon = epsilon;
    this.axis = axis;
  }

  apply(x: Tensor): Tensor {
    return layerNorm(x, this.weight, this.bias, { epsilon: this.epsilon, axis: this.axis });
  }
}
