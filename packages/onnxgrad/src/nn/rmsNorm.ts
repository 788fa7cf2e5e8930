import type { Parameter, Tensor } from '../graph/tensor.ts';
import { rmsNorm } from '../ops/normalisation.ts';
import { type Initializer, ones } from './initializer.ts';

export interface RmsNormOptions {
  readonly features: number;
  /** 1e-5 unless given. */
  readonly epsilon?: number;
}

/** Divides rows along the last axis by their root mean square. x: [..., features] → the same shape. */
export class RmsNorm {
  readonly weight: Parameter; // [features]
  readonly epsilon: number;

  constructor({ features, epsilon = 1e-5 }: RmsNormOptions, init: Initializer) {
    this.weight = init.draw([features], ones);
    this.epsilon = epsilon;
  }

  apply(x: Tensor): Tensor {
    return rmsNorm(x, this.weight, { epsilon: this.epsilon });
  }
}
