import { maxPool, relu, type Tensor } from 'onnxgrad';
import { BatchNorm, Convolution, type Initializer, inference, type Mode, stretchIf } from 'onnxgrad/nn';
import { type Axes, Bottleneck3d, centred, expansion, heNormal, NormalisedConvolution3d } from './bottleneck3d.ts';

export interface ResNet3dOptions {
  /** Channels of the stem: 64 in a ResNet. Stages are 1, 2, 4 and 8 times as wide inside. */
  readonly width: number;
  /** Blocks of the four stages. */
  readonly depths: readonly number[];
  /** Which blocks of each stage span three frames. */
  readonly inflated: readonly (readonly boolean[])[];
  /** Frames that the stem sees at once, and how many it goes on by. */
  readonly stem: { readonly frames: number; readonly stride: number };
  /** The stride in time of the pooling after the stem; 1 unless given. */
  readonly poolStride?: number;
  /** What comes in from the side before each stage, behind the channels of its own; nothing unless given. */
  readonly lateral?: LateralOptions;
}

export interface LateralOptions {
  /** Channels of the stem of the pathway that it comes from. */
  readonly width: number;
  /** Frames there for one here. */
  readonly ratio: number;
  /** Frames that the connection sees at once; 5 unless given. */
  readonly frames?: number;
  /** Whether a norm and a ReLU follow, as in PySlowFast; no unless told, as in mmaction2. */
  readonly normalised?: boolean;
}

/** A convolution over time alone that brings one pathway to the pace of another. */
export class Lateral {
  readonly conv: Convolution;
  readonly bn: BatchNorm | null;

  constructor(inputs: number, { ratio, frames = 5, normalised = false }: LateralOptions, init: Initializer) {
    const kernel: Axes = [frames, 1, 1];
    const outputs = lateralGain * inputs;
    const sizes = { inputs, outputs, kernel, stride: [ratio, 1, 1] };
    this.conv = new Convolution({ ...sizes, ...centred(kernel), bias: false, initial: heNormal }, init);
    this.bn = normalised ? new BatchNorm({ channels: outputs }, init) : null;
  }

  /** x: [N, inputs, ratio · frames, height, width] → [N, 2 · inputs, frames, height, width]. */
  apply(x: Tensor, mode: Mode = inference): Tensor {
    const y = this.conv.apply(x);
    return this.bn ? relu(this.bn.apply(y, mode)) : y;
  }
}

/**
 * A residual network inflated over time (Carreira and Zisserman 2017, arXiv 1705.07750), or one of SlowFast's pathways.
 * Fields are named as in mmaction2.
 */
export class ResNet3d {
  readonly conv1: NormalisedConvolution3d;
  readonly layer1: readonly Bottleneck3d[];
  readonly layer2: readonly Bottleneck3d[];
  readonly layer3: readonly Bottleneck3d[];
  readonly layer4: readonly Bottleneck3d[];
  readonly conv1_lateral: Lateral | null;
  readonly layer1_lateral: Lateral | null;
  readonly layer2_lateral: Lateral | null;
  readonly layer3_lateral: Lateral | null;
  readonly options: ResNet3dOptions;

  constructor(options: ResNet3dOptions, init: Initializer) {
    const { width, depths, inflated, stem, lateral } = options;
    const kernel: Axes = [stem.frames, 7, 7];
    this.conv1 = new NormalisedConvolution3d({ inputs: 3, outputs: width, kernel, stride: [stem.stride, 2, 2] }, init);
    const before = [width, ...[1, 2, 4].map((times) => expansion * times * width)];
    const aside = lateral ? [1, 4, 8, 16].map((times) => times * lateral.width) : null;
    const stage = (index: number) =>
      Array.from({ length: depths[index] }, (_, block) => {
        const planes = width * 2 ** index;
        const inputs = block > 0 ? expansion * planes : before[index] + lateralGain * (aside?.[index] ?? 0);
        const stride = block === 0 && index > 0 ? 2 : 1;
        return new Bottleneck3d({ inputs, planes, stride, inflated: inflated[index][block] }, init);
      });
    [this.layer1, this.layer2, this.layer3, this.layer4] = [0, 1, 2, 3].map(stage);
    const from = (index: number) => (aside && lateral ? new Lateral(aside[index], lateral, init) : null);
    this.conv1_lateral = from(0);
    this.layer1_lateral = from(1);
    this.layer2_lateral = from(2);
    this.layer3_lateral = from(3);
    this.options = options;
  }

  get stages(): readonly (readonly Bottleneck3d[])[] {
    return [this.layer1, this.layer2, this.layer3, this.layer4];
  }

  /** What brings in the other pathway before each stage. */
  get laterals(): readonly (Lateral | null)[] {
    return [this.conv1_lateral, this.layer1_lateral, this.layer2_lateral, this.layer3_lateral];
  }

  /** Channels of what the last stage makes. */
  get width(): number {
    return 8 * expansion * this.options.width;
  }

  /** clips: [N, 3, frames, height, width] → [N, width of the stem, frames / strides, height / 4, width / 4]. */
  stem(clips: Tensor, mode: Mode = inference): Tensor {
    const { poolStride = 1 } = this.options;
    const x = relu(this.conv1.apply(clips, mode));
    return maxPool(x, [1, 3, 3], { stride: [poolStride, 2, 2], padding: [0, 1, 1] });
  }

  /** What a stage, 0 to 3, makes of what came before it. */
  stage(index: number, x: Tensor, mode: Mode = inference): Tensor {
    return this.stages[index].reduce((y, block) => stretchIf(mode, () => block.apply(y, mode)), x);
  }
}

// ---- below: internals ----

/** Channels that a lateral connection makes of each. */
const lateralGain = 2;
