import { mean, relu, type Tensor } from 'onnxgrad';
import { BatchNorm, Convolution, Initializer, inference, Linear, type Mode } from 'onnxgrad/nn';
import { movements } from './movements.ts';

/** Looks at ever longer stretches of a track, three times, then votes. tracks: [N, 2, frames] → scores [N, movements]. */
export class MotionClassifier {
  readonly blocks: readonly TemporalBlock[];
  readonly head: Linear;

  constructor(seed: number, channels = 24) {
    const init = new Initializer(seed);
    this.blocks = [2, channels, channels].map((inputs) => new TemporalBlock(inputs, channels, init));
    this.head = new Linear({ inputs: channels, outputs: movements.length }, init);
  }

  apply(tracks: Tensor, mode: Mode = inference): Tensor {
    const features = this.blocks.reduce((x, block) => block.apply(x, mode), tracks); // [N, channels, frames / 8]
    return this.head.apply(mean(features, 2));
  }
}

/** Convolves over time, two steps at a time, and normalises over the batch. [N, inputs, T] → [N, outputs, T / 2]. */
class TemporalBlock {
  readonly conv: Convolution;
  readonly norm: BatchNorm;

  constructor(inputs: number, outputs: number, init: Initializer) {
    this.conv = new Convolution({ inputs, outputs, kernel: [5], stride: 2, padding: 2, bias: false }, init);
    this.norm = new BatchNorm({ channels: outputs }, init);
  }

  apply(x: Tensor, mode: Mode): Tensor {
    return relu(this.norm.apply(this.conv.apply(x), mode));
  }
}
