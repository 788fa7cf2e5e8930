import { type Initializer, LayerNorm } from 'onnxgrad/nn';
import type { Level } from './level.ts';

/** A layer norm for each level of a pyramid, and nothing else: OpenTAD's `FPNIdentity`. */
export class LevelNorms {
  readonly fpn_norms: readonly LayerNorm[];

  constructor({ levels, features }: { readonly levels: number; readonly features: number }, init: Initializer) {
    this.fpn_norms = Array.from({ length: levels }, () => new LayerNorm({ features, epsilon: 1e-6 }, init));
  }

  apply(levels: readonly Level[]): Level[] {
    return levels.map(({ features, mask }, level) => ({ features: this.fpn_norms[level].apply(features), mask }));
  }
}
