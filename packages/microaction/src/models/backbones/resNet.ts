import { GraphError, maxPool, relu, type Tensor } from 'onnxgrad';
import { BatchNorm, Convolution, type Initializer, inference, type Mode, stretchIf } from 'onnxgrad/nn';
import { Bottleneck } from './bottleneck.ts';
import { type ShiftOptions, towardsOutputs } from './temporalShift.ts';

export interface ResNetOptions {
  /** Channels of the stem; 64 unless given. The last stage has 32 times as many. */
  readonly width?: number;
  /** Blocks of each of the four stages; 3, 4, 6, 3 (ResNet-50) unless given. */
  readonly depths?: readonly number[];
  /** Whether the first convolution of every block sees neighbouring frames, and how; not unless given. */
  readonly shift?: ShiftOptions;
}

/**
 * A deep residual network over pictures, of bottlenecks (He et al. 2015, arXiv 1512.03385). Fields are named as in
 * mmaction2.
 */
export class ResNet {
  readonly conv1: { readonly conv: Convolution; readonly bn: BatchNorm };
  readonly layer1: readonly Bottleneck[];
  readonly layer2: readonly Bottleneck[];
  readonly layer3: readonly Bottleneck[];
  readonly layer4: readonly Bottleneck[];
  /** Channels that come out. */
  readonly outputs: number;

  /** @throws GraphError for depths that are not four whole numbers from 1 up */
  constructor({ width = 64, depths = resNet50Depths, shift }: ResNetOptions, init: Initializer) {
    if (depths.length !== 4 || !depths.every((depth) => Number.isInteger(depth) && depth >= 1)) {
      throw new GraphError(`ResNet: depths are [${depths.join(', ')}]; expected four whole numbers from 1 up`);
    }
    const kernel = { kernel: [7, 7], stride: 2, padding: 3, bias: false, initial: towardsOutputs };
    this.conv1 = {
      conv: new Convolution({ inputs: 3, outputs: width, ...kernel }, init),
      bn: new BatchNorm({ channels: width }, init),
    };
    const stage = (level: number): Bottleneck[] => {
      const planes = width * 2 ** level;
      return Array.from({ length: depths[level] }, (_, block) => {
        const inputs = block > 0 ? 4 * planes : level === 0 ? width : 2 * planes;
        return new Bottleneck({ inputs, planes, stride: block === 0 && level > 0 ? 2 : 1, shift }, init);
      });
    };
    this.layer1 = stage(0);
    this.layer2 = stage(1);
    this.layer3 = stage(2);
    this.layer4 = stage(3);
    this.outputs = 32 * width;
  }

  /**
   * What comes out of each of the four stages.
   *
   * @param x - [frames, 3, height, width], normalised
   * @returns level l from 0: [frames, 4 · width · 2^l, height / 2^(l + 2), width / 2^(l + 2)]
   */
  stages(x: Tensor, mode: Mode = inference): Tensor[] {
    const { conv, bn } = this.conv1;
    const stem = maxPool(relu(bn.apply(conv.apply(x), mode)), 3, { stride: 2, padding: 1 });
    const outputs: Tensor[] = [];
    for (const blocks of [this.layer1, this.layer2, this.layer3, this.layer4]) {
      outputs.push(blocks.reduce((y, block) => stretchIf(mode, () => block.apply(y, mode)), outputs.at(-1) ?? stem));
    }
    return outputs;
  }

  /** x: [frames, 3, height, width], normalised → [frames, outputs, height / 32, width / 32]. */
  apply(x: Tensor, mode?: Mode): Tensor {
    return this.stages(x, mode)[3];
  }
}

export const resNet50Depths: readonly number[] = [3, 4, 6, 3];
