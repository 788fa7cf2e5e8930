import { type Buffer, buffer, type Parameter, type Tensor } from '../graph/tensor.ts';
import { batchNorm } from '../ops/batchNorm.ts';
import { type Initializer, ones, zeros } from './initializer.ts';
import { inference, type Mode } from './mode.ts';

export interface BatchNormOptions {
  readonly channels: number;
  /** 1e-5 unless given. */
  readonly epsilon?: number;
  /** The part of the running statistics that a batch replaces; 0.1 unless given. */
  readonly momentum?: number;
  /** Whether it has a weight and a bias; yes unless told. */
  readonly affine?: boolean;
  /** Whether it normalises by its running statistics in training too, and leaves them alone; no unless told. */
  readonly frozen?: boolean;
}

/**
 * Normalises channels over the batch and all positions; in training by the batch, and moves the running statistics
 * along (training programs, and others that are compiled with `updateBuffers`, write them back). x: [N, channels, ...] → the same shape.
 */
export class BatchNorm {
  readonly weight: Parameter | null; // [channels]
  readonly bias: Parameter | null; // [channels]
  readonly running_mean: Buffer; // [channels]
  readonly running_var: Buffer; // [channels]
  /** Checkpoints have it; nothing here counts. */
  readonly num_batches_tracked: Buffer;
  readonly options: Required<Pick<BatchNormOptions, 'epsilon' | 'momentum' | 'frozen'>>;

  constructor(options: BatchNormOptions, init: Initializer) {
    const { channels, epsilon = 1e-5, momentum = 0.1, affine = true, frozen = false } = options;
    const { dtype } = init;
    this.weight = affine ? init.draw([channels], ones) : null;
    this.bias = affine ? init.draw([channels], zeros) : null;
    this.running_mean = buffer([channels], undefined, { dtype });
    this.running_var = buffer([channels], new Float32Array(channels).fill(1), { dtype });
    this.num_batches_tracked = buffer([], undefined, { dtype: 'int64' });
    this.options = { epsilon, momentum, frozen };
  }

  apply(x: Tensor, { training }: Mode = inference): Tensor {
    const { epsilon, momentum, frozen } = this.options;
    return batchNorm(x, {
      weight: this.weight,
      bias: this.bias,
      running: { mean: this.running_mean, variance: this.running_var },
      training: training && !frozen,
      momentum,
      epsilon,
    });
  }
}
