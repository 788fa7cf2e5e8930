import { add, relu, type Tensor } from 'onnxgrad';
import { BatchNorm, Convolution, type Distribution, type Initializer, inference, type Mode } from 'onnxgrad/nn';

export interface Bottleneck3dOptions {
  readonly inputs: number;
  /** Channels inside; four times as many come out. */
  readonly planes: number;
  /** Of the middle convolution, in space; 1 unless given. */
  readonly stride?: number;
  /** Whether the first convolution sees the frames before and after; no unless told. */
  readonly inflated?: boolean;
}

/** A convolution over time and space without bias, and its normalisation; fields are named as in mmaction2. */
export class NormalisedConvolution3d {
  readonly conv: Convolution;
  readonly bn: BatchNorm;

  constructor(options: { inputs: number; outputs: number; kernel: Axes; stride?: Axes }, init: Initializer) {
    this.conv = new Convolution({ ...centred(options.kernel), ...options, bias: false, initial: heNormal }, init);
    this.bn = new BatchNorm({ channels: options.outputs }, init);
  }

  /** x: [N, inputs, frames, height, width] → [N, outputs, ...]. */
  apply(x: Tensor, mode: Mode = inference): Tensor {
    return this.bn.apply(this.conv.apply(x), mode);
  }
}

/**
 * The block of residual networks over whole clips. Where it is inflated, its first convolution spans three frames; the
 * others see one each (Feichtenhofer et al. 2019, arXiv 1812.03982; mmaction2's `3x1x1`).
 */
export class Bottleneck3d {
  readonly conv1: NormalisedConvolution3d;
  readonly conv2: NormalisedConvolution3d;
  readonly conv3: NormalisedConvolution3d;
  readonly downsample: NormalisedConvolution3d | null;

  constructor({ inputs, planes, stride = 1, inflated = false }: Bottleneck3dOptions, init: Initializer) {
    const outputs = expansion * planes;
    const layer = (from: number, to: number, kernel: Axes, by = 1) =>
      new NormalisedConvolution3d({ inputs: from, outputs: to, kernel, stride: [1, by, by] }, init);
    this.conv1 = layer(inputs, planes, [inflated ? 3 : 1, 1, 1]);
    this.conv2 = layer(planes, planes, [1, 3, 3], stride);
    this.conv3 = layer(planes, outputs, [1, 1, 1]);
    this.downsample = stride !== 1 || inputs !== outputs ? layer(inputs, outputs, [1, 1, 1], stride) : null;
  }

  /** x: [N, inputs, frames, height, width] → [N, 4 · planes, frames, height / stride, width / stride]. */
  apply(x: Tensor, mode: Mode = inference): Tensor {
    const first = relu(this.conv1.apply(x, mode));
    const inner = this.conv3.apply(relu(this.conv2.apply(first, mode)), mode);
    return relu(add(inner, this.downsample ? this.downsample.apply(x, mode) : x));
  }
}

/** Channels that come out of a block, by those inside. */
export const expansion = 4;

/** Along time, height and width. */
export type Axes = readonly [frames: number, height: number, width: number];

/** Padding that keeps the middle of an odd kernel over each element. */
export const centred = (kernel: Axes) => ({ padding: kernel.map((length) => (length - 1) / 2) });

/** How mmaction2 starts convolutions over time and space. */
export const heNormal: Distribution = { kind: 'kaimingNormal', fan: 'out' };
