import { add, relu, type Tensor } from 'onnxgrad';
import { BatchNorm, Convolution, type Initializer, inference, type Mode } from 'onnxgrad/nn';
import { ShiftedConvolution, type ShiftOptions, towardsOutputs } from './temporalShift.ts';

export interface BottleneckOptions {
  readonly inputs: number;
  /** Channels inside; four times as many come out. */
  readonly planes: number;
  /** Of the middle convolution; 1 unless given. */
  readonly stride?: number;
  /** Whether the first convolution sees neighbouring frames, and how; not unless given. */
  readonly shift?: ShiftOptions;
  /** Whether the residual is convolved too; where shapes change, unless told. */
  readonly downsample?: boolean;
}

/** What both kinds of convolution are to a block. */
interface Layer {
  apply(x: Tensor): Tensor;
}

interface Normalised {
  readonly conv: Layer;
  readonly bn: BatchNorm;
}

/**
 * The block of deep residual networks, its stride in the middle convolution (He et al. 2015, arXiv 1512.03385, as in
 * torchvision). Fields are named as in mmaction2.
 */
export class Bottleneck {
  readonly conv1: Normalised;
  readonly conv2: Normalised;
  readonly conv3: Normalised;
  readonly downsample: Normalised | null;

  constructor({ inputs, planes, stride = 1, shift, downsample }: BottleneckOptions, init: Initializer) {
    const outputs = expansion * planes;
    const plain = (from: number, to: number, kernel: number, by = 1): Normalised => {
      const arrangement = { kernel: [kernel, kernel], stride: by, padding: (kernel - 1) / 2, bias: false };
      const conv = new Convolution({ inputs: from, outputs: to, initial: towardsOutputs, ...arrangement }, init);
      return { conv, bn: norm(to) };
    };
    const norm = (channels: number) => new BatchNorm({ channels }, init);
    this.conv1 = shift
      ? { conv: new ShiftedConvolution({ inputs, outputs: planes, ...shift }, init), bn: norm(planes) }
      : plain(inputs, planes, 1);
    this.conv2 = plain(planes, planes, 3, stride);
    this.conv3 = plain(planes, outputs, 1);
    const changes = stride !== 1 || inputs !== outputs;
    this.downsample = (downsample ?? changes) ? plain(inputs, outputs, 1, stride) : null;
  }

  /** x: [frames, inputs, height, width] → [frames, 4 · planes, height / stride, width / stride]. */
  apply(x: Tensor, mode: Mode = inference): Tensor {
    const layer = ({ conv, bn }: Normalised, y: Tensor) => bn.apply(conv.apply(y), mode);
    const inner = layer(this.conv3, relu(layer(this.conv2, relu(layer(this.conv1, x)))));
    return relu(add(inner, this.downsample ? layer(this.downsample, x) : x));
  }
}

// ---- below: internals ----

const expansion = 4;
