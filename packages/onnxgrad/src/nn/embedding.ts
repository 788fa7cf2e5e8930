import type { Parameter, Tensor } from '../graph/tensor.ts';
import { gather } from '../ops/gather.ts';
import type { Distribution, Initializer } from './initializer.ts';

export interface EmbeddingOptions {
  readonly count: number;
  readonly features: number;
  /** Normal with deviation 1 unless given, as PyTorch's. */
  readonly initial?: Distribution;
}

/** A learned row for each number. indices: int64 of any shape, 0 to count − 1 → [..., features]. */
export class Embedding {
  readonly weight: Parameter; // [count, features]

  constructor({ count, features, initial = { kind: 'normal', std: 1 } }: EmbeddingOptions, init: Initializer) {
    this.weight = init.draw([count, features], initial);
  }

  apply(indices: Tensor): Tensor {
    return gather(this.weight, indices, 0);
  }
}
