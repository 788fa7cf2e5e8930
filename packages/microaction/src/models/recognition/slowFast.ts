import { concat, GraphError, globalAveragePool, named, slice, type Tensor } from 'onnxgrad';
import { type Initializer, inference, type Mode } from 'onnxgrad/nn';
import { imageNet, normalised } from '../backbones/clipFeatures.ts';
import { type LateralOptions, ResNet3d } from '../backbones/resNet3d.ts';
import { Classifier } from '../heads/index.ts';
import type { CommonOptions } from './commonOptions.ts';
import type { Recognised, Recogniser } from './recogniser.ts';
import { requireClips } from './requireClips.ts';

/** Dropout is 0.5 unless given. */
export interface SlowFastOptions extends CommonOptions {
  readonly kind: 'slowfast';
  /** Frames of a clip, a multiple of the ratio; 32 unless given. */
  readonly frames?: number;
  /** Channels of the slow pathway's stem; 64 unless given. */
  readonly width?: number;
  /** Channels of the fast pathway's stem; 8 unless given. */
  readonly fastWidth?: number;
  /** Blocks of the four stages of both; those of ResNet-50 (3, 4, 6, 3) unless given. */
  readonly depths?: readonly number[];
  /** Frames of the fast pathway for one of the slow one; 8 unless given. */
  readonly ratio?: number;
  /** The connections between them: as in mmaction2 unless given. */
  readonly lateral?: Pick<LateralOptions, 'frames' | 'normalised'>;
}

/**
 * A wide network over few frames that a slim one over all frames tells of movement (Feichtenhofer et al. 2019, arXiv
 * 1812.03982), as in mmaction2.
 */
export class SlowFast implements Recogniser {
  readonly backbone: SlowFastBackbone;
  readonly cls_head: Classifier;
  readonly options: SlowFastOptions;

  constructor(options: SlowFastOptions, init: Initializer) {
    const { classes, parts, dropout = 0.5 } = options;
    this.backbone = new SlowFastBackbone(options, init);
    this.cls_head = new Classifier({ inputs: this.backbone.width, classes, parts, dropout }, init);
    this.options = options;
  }

  get classes(): number {
    return this.options.classes;
  }

  /** @param clips - [B, 3, frames, height, width], 0 to 255, of any type */
  recognise(clips: Tensor, mode: Mode = inference): Recognised {
    const { normalisation = imageNet, frames = 32 } = this.options;
    requireClips('slowfast', clips, [frames]);
    const features = named('backbone', () => {
      const { slow, fast } = this.backbone.apply(normalised(clips, normalisation), mode);
      return concat([globalAveragePool(fast), globalAveragePool(slow)], 1);
    });
    return { logits: named('cls_head', () => this.cls_head.apply(features, mode)), features };
  }
}

export class SlowFastBackbone {
  readonly slow_path: ResNet3d;
  readonly fast_path: ResNet3d;
  readonly ratio: number;

  constructor(options: Omit<SlowFastOptions, 'kind' | 'classes'>, init: Initializer) {
    const { frames = 32, width = 64, fastWidth = 8, depths = [3, 4, 6, 3], ratio = 8 } = options;
    if (frames % ratio !== 0) throw new GraphError(`slowfast: frames is ${frames}; expected a multiple of ${ratio}`);
    const inflatedFrom = (first: number) =>
      depths.map((count, stage) => new Array<boolean>(count).fill(stage >= first));
    const lateral = { ...options.lateral, width: fastWidth, ratio };
    const slow = { width, depths, inflated: inflatedFrom(2), stem: { frames: 1, stride: 1 }, lateral };
    const fast = { width: fastWidth, depths, inflated: inflatedFrom(0), stem: { frames: 5, stride: 1 } };
    this.slow_path = new ResNet3d(slow, init);
    this.fast_path = new ResNet3d(fast, init);
    this.ratio = ratio;
  }

  /** Channels of both pathways. */
  get width(): number {
    return this.fast_path.width + this.slow_path.width;
  }

  /**
   * @param clips - [N, 3, frames, height, width], normalised
   * @returns slow: [N, channels, frames / ratio, height / 32, width / 32], fast: [N, channels, frames, ...]
   */
  apply(clips: Tensor, mode: Mode = inference): { slow: Tensor; fast: Tensor } {
    let fast = this.fast_path.stem(clips, mode);
    let slow = this.slow_path.stem(slice(clips, 2, 0, undefined, this.ratio), mode);
    for (const [index, lateral] of this.slow_path.laterals.entries()) {
      slow = this.slow_path.stage(index, lateral ? concat([slow, lateral.apply(fast, mode)], 1) : slow, mode);
      fast = this.fast_path.stage(index, fast, mode);
    }
    return { slow, fast };
  }
}
