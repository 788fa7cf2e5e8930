import type { Parameter, Tensor } from '../graph/tensor.ts';
import { sizeOf } from '../graph/tensorData.ts';
import { type ConvolutionOptions as Arrangement, convolution } from '../ops/convolution.ts';
import { type Distribution, type Initializer, zeros } from './initializer.ts';
import { evenlyWithin } from './linear.ts';

export interface ConvolutionOptions extends Arrangement {
  readonly inputs: number;
  readonly outputs: number;
  /** Its length along each of one to three axes. */
  readonly kernel: readonly number[];
  /** Yes unless told. */
  readonly bias?: boolean;
  /** As of `Linear`, with the numbers that one output reads for inputs. */
  readonly initial?: Distribution;
}

/** x: [N, inputs, ...spatial] → [N, outputs, ...]. */
export class Convolution {
  readonly weight: Parameter; // [outputs, inputs / groups, ...kernel]
  readonly bias: Parameter | null; // [outputs]
  readonly arrangement: Arrangement;

  constructor(options: ConvolutionOptions, init: Initializer) {
    const { inputs, outputs, kernel, bias = true, initial, ...arrangement } = options;
    const perOutput = inputs / (arrangement.groups ?? 1);
    const even = evenlyWithin(1 / Math.sqrt(perOutput * sizeOf(kernel)));
    this.weight = init.draw([outputs, perOutput, ...kernel], initial ?? even);
    this.bias = bias ? init.draw([outputs], initial ? zeros : even) : null;
    this.arrangement = arrangement;
  }

  apply(x: Tensor): Tensor {
    return convolution(x, this.weight, this.bias, this.arrangement);
  }
}
