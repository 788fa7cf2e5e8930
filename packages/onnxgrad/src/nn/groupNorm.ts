import type { Parameter, Tensor } from '../graph/tensor.ts';
import { groupNorm } from '../ops/normalisation.ts';
import { type Initializer, ones, zeros } from './initializer.ts';

export interface GroupNormOptions {
  readonly channels: number;
  readonly groups: number;
  /** 1e-5 unless given. */
  readonly epsilon?: number;
  /** Whether it has a weight and a bias; yes unless told. */
  readonly affine?: boolean;
}

/** Normalises groups of channels over all positions. x: [N, channels, ...] → the same shape. */
export class GroupNorm {
  readonly weight: Parameter | null; // [channels]
  readonly bias: Parameter | null; // [channels]
  readonly groups: number;
  readonly epsilon: number;

  constructor({ channels, groups, epsilon = 1e-5, affine = true }: GroupNormOptions, init: Initializer) {
    this.weight = affine ? init.draw([channels], ones) : null;
    this.bias = affine ? init.draw([channels], zeros) : null;
    this.groups = groups;
    this.epsilon = epsilon;
  }

  apply(x: Tensor): Tensor {
    return groupNorm(x, this.groups, this.weight, this.bias, { epsilon: this.epsilon });
  }
}
