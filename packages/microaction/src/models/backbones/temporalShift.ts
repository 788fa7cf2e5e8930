import { mean, multiply, relu, reshape, sigmoid, type Tensor, temporalShift } from 'onnxgrad';
import { Convolution, type Distribution, type Initializer, Linear } from 'onnxgrad/nn';

/**
 * A gate of each channel of each frame, from the channels' means over the frame (Hu et al. 2017, arXiv 1709.01507).
 * Fields are the places of its layers in the official sequence.
 */
export class SqueezeExcitation {
  readonly 0: Linear;
  readonly 2: Linear;

  constructor(
    { channels, reduction = 4 }: { readonly channels: number; readonly reduction?: number },
    init: Initializer,
  ) {
    const reduced = Math.floor(channels / reduction);
    this[0] = new Linear({ inputs: channels, outputs: reduced, bias: false }, init);
    this[2] = new Linear({ inputs: reduced, outputs: channels, bias: false }, init);
  }

  /** x: [frames, channels, height, width] → [frames, channels], 0 to 1. */
  gate(x: Tensor): Tensor {
    return sigmoid(this[2].apply(relu(this[0].apply(mean(x, [2, 3])))));
  }

  /** x: [frames, channels, height, width] → the same shape, each channel times its gate. */
  apply(x: Tensor): Tensor {
    return multiply(x, reshape(this.gate(x), [...x.shape.slice(0, 2), 1, 1]));
  }
}

export interface ShiftOptions {
  /** Frames of a clip, which follow each other. */
  readonly segments: number;
  /** The part of the channels that come from the next frame, and as many from the one before: 1 / 8 unless given. */
  readonly foldDivisor?: number;
  /** Whether channels are gated before they are shifted, as in MANet; no unless told. */
  readonly excitation?: boolean;
}

/**
 * A convolution of kernel 1 that sees neighbouring frames: some channels are those of the frame after and before (TSM, Lin et al.
 * 2019, arXiv 1811.08383; with the gate: MANet, Guo et al. 2024, arXiv 2403.05234). Official MANet checkpoints hold three
 * layers more, `action_p2_…`, that nothing uses.
 */
export class ShiftedConvolution {
  readonly net: Convolution;
  readonly fcce: SqueezeExcitation | null;
  readonly shift: { readonly segments: number; readonly foldDivisor: number };

  constructor(options: ShiftOptions & { readonly inputs: number; readonly outputs: number }, init: Initializer) {
    const { inputs, outputs, segments, foldDivisor = 8, excitation = false } = options;
    this.net = new Convolution({ inputs, outputs, kernel: [1, 1], bias: false, initial: towardsOutputs }, init);
    this.fcce = excitation ? new SqueezeExcitation({ channels: inputs }, init) : null;
    this.shift = { segments, foldDivisor };
  }

  /** x: [clips · segments, inputs, height, width] → [clips · segments, outputs, height, width]. */
  apply(x: Tensor): Tensor {
    return this.net.apply(temporalShift(this.fcce ? this.fcce.apply(x) : x, this.shift));
  }
}

/** How the convolutions of residual networks begin: variance 2 / (outputs · kernel), as in torchvision and mmaction2. */
export const towardsOutputs: Distribution = { kind: 'kaimingNormal', fan: 'out' };

/** Names in official checkpoints of weights that no model uses. */
export const unusedWeights: RegExp = /(^|\.)action_p2_(squeeze|conv1|expand)\./;
