import type { Parameter, Tensor } from '../graph/tensor.ts';
import { layerNorm } from '../ops/normalisation.ts';
import { type Initializer, ones, zeros } from './initializer.ts';

export interface LayerNormOptions {
  readonly features: number;
  /** 1e-5 unless given. */
  readonly epsilon?: number;
  /** Whether it has a weight and a bias; yes unless told. */
  readonly affine?: boolean;
}

/** Normalises rows along the last axis. x: [..., features] → the same shape. */
export class LayerNorm {
  readonly weight: Parameter | null; // [features]
  readonly bias: Parameter | null; // [features]
  readonly epsilon: number;

  constructor({ features, epsilon = 1e-5, affine = true }: LayerNormOptions, init: Initializer) {
    this.weight = affine ? init.draw([features], ones) : null;
    this.bias = affine ? init.draw([features], zeros) : null;
    this.epsilon = epsilon;
  }

  apply(x: Tensor): Tensor {
    return layerNorm(x, this.weight, this.bias, { epsilon: this.epsilon });
  }
}
