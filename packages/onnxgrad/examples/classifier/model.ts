import { type Buffer, batchNorm, buffer, convolution, mean, type Parameter, relu, type Tensor } from 'onnxgrad';
import { Initializer, Linear, ones, zeros } from 'onnxgrad/nn';
import { movements } from './movements.ts';

/** Three looks at ever longer stretches of a track, then a vote. tracks: [N, 2, frames] → [N, movements] scores. */
export class MotionClassifier {
  readonly blocks: readonly TemporalBlock[];
  readonly head: Linear;

  constructor(seed: number, channels = 24) {
    const init = new Initializer(seed);
    this.blocks = [2, channels, channels].map((inputs) => new TemporalBlock(inputs, channels, init));
    this.head = new Linear({ inputs: channels, outputs: movements.length }, init);
  }

  apply(tracks: Tensor, { training }: { readonly training: boolean }): Tensor {
    const features = this.blocks.reduce((x, block) => block.apply(x, training), tracks); // [N, channels, frames / 8]
    return this.head.apply(mean(features, 2));
  }
}

/** Convolves over time, two steps at a time, and normalises over the batch. [N, inputs, T] → [N, outputs, T / 2] */
class TemporalBlock {
  readonly weight: Parameter; // [outputs, inputs, 5]
  readonly scale: Parameter; // [outputs]
  readonly bias: Parameter; // [outputs]
  readonly running: { readonly mean: Buffer; readonly variance: Buffer }; // [outputs] each

  constructor(inputs: number, outputs: number, init: Initializer) {
    this.weight = init.draw([outputs, inputs, 5], { kind: 'kaimingUniform' });
    this.scale = init.draw([outputs], ones);
    this.bias = init.draw([outputs], zeros);
    this.running = { mean: buffer([outputs]), variance: buffer([outputs], new Float32Array(outputs).fill(1)) };
  }

  apply(x: Tensor, training: boolean): Tensor {
    const { weight, scale, bias, running } = this;
    const y = convolution(x, weight, null, { stride: 2, padding: 2 });
    return relu(batchNorm(y, { weight: scale, bias, running, training }));
  }
}
