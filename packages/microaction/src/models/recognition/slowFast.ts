import { concat, dropout, GraphError, globalAveragePool, slice, type Tensor } from 'onnxgrad';
import { type Initializer, inference, Linear, type Mode } from 'onnxgrad/nn';
import { imageNet, type Normalisation, normalised } from '../backbones/clipFeatures.ts';
import { ResNet3d } from '../backbones/resNet3d.ts';
import type { Recognised, Recogniser } from './recogniser.ts';

export interface SlowFastOptions {
  readonly classes: number;
  /** Channels of the slow pathway's stem; 64 unless given. */
  readonly width?: number;
  /** Channels of the fast pathway's stem; 8 unless given. */
  readonly fastWidth?: number;
  /** Blocks of the four stages of both; those of ResNet-50 (3, 4, 6, 3) unless given. */
  readonly depths?: readonly number[];
  /** Frames of the fast pathway for one of the slow one; 8 unless given. */
  readonly ratio?: number;
  /** Before the classifier; 0.5 unless given. */
  readonly dropout?: number;
  /** That of ImageNet unless given. */
  readonly normalisation?: Normalisation;
}

/**
 * A wide network over few frames that a slim one over all frames tells of movement (Feichtenhofer et al. 2019, arXiv
 * 1812.03982), as in mmaction2.
 */
export class SlowFast implements Recogniser {
  readonly backbone: SlowFastBackbone;
  readonly cls_head: { readonly fc_cls: Linear };
  readonly classes: number;
  readonly options: SlowFastOptions;
  readonly #stream: number;

  constructor(options: SlowFastOptions, init: Initializer) {
    const { classes } = options;
    this.backbone = new SlowFastBackbone(options, init);
    this.#stream = init.stream();
    const initial = { kind: 'normal', std: 0.01 } as const;
    this.cls_head = { fc_cls: new Linear({ inputs: this.backbone.width, outputs: classes, initial }, init) };
    this.classes = classes;
    this.options = options;
  }

  recognise(clips: Tensor, mode: Mode = inference): Recognised {
    const { normalisation = imageNet, dropout: rate = 0.5 } = this.options;
    const { slow, fast } = this.backbone.apply(normalised(clips, normalisation), mode);
    const features = concat([fast, slow].map(globalAveragePool), 1);
    const kept = dropout(features, rate, { ...mode, stream: this.#stream });
    return { logits: this.cls_head.fc_cls.apply(kept), features };
  }
}

export class SlowFastBackbone {
  readonly slow_path: ResNet3d;
  readonly fast_path: ResNet3d;
  readonly ratio: number;

  constructor(options: Omit<SlowFastOptions, 'classes'>, init: Initializer) {
    const { width = 64, fastWidth = 8, depths = [3, 4, 6, 3], ratio = 8 } = options;
    const inflatedFrom = (first: number) =>
      depths.map((count, stage) => new Array<boolean>(count).fill(stage >= first));
    const lateral = { width: fastWidth, ratio };
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
   * @throws GraphError where the frames are no whole number of times the ratio
   */
  apply(clips: Tensor, mode: Mode = inference): { slow: Tensor; fast: Tensor } {
    const [, , frames] = clips.shape;
    if (frames % this.ratio !== 0) {
      throw new GraphError(`SlowFast: clips have ${frames} frames; expected a multiple of ${this.ratio}`);
    }
    let fast = this.fast_path.stem(clips, mode);
    let slow = this.slow_path.stem(slice(clips, 2, 0, frames, this.ratio), mode);
    for (const [index, lateral] of this.slow_path.laterals.entries()) {
      slow = this.slow_path.stage(index, lateral ? concat([slow, lateral.apply(fast)], 1) : slow, mode);
      fast = this.fast_path.stage(index, fast, mode);
    }
    return { slow, fast };
  }
}
