import { globalAveragePool, maxPool, named, type Tensor } from 'onnxgrad';
import { type Initializer, inference, type Mode } from 'onnxgrad/nn';
import { imageNet, normalised } from '../backbones/clipFeatures.ts';
import { ResNet3d } from '../backbones/resNet3d.ts';
import { Classifier } from '../heads/index.ts';
import type { CommonOptions } from './commonOptions.ts';
import type { Recognised, Recogniser } from './recogniser.ts';
import { requireClips } from './requireClips.ts';

/** Dropout is 0.5 unless given. */
export interface I3dOptions extends CommonOptions {
  readonly kind: 'i3d';
  /** Frames of a clip; 32 unless given. */
  readonly frames?: number;
  /** Channels of the stem; 64 unless given. */
  readonly width?: number;
  /** Blocks of the four stages; those of ResNet-50 (3, 4, 6, 3) unless given. */
  readonly depths?: readonly number[];
  /** Which blocks of each stage span three frames; all of the first stage and every second one after it unless given. */
  readonly inflated?: readonly (readonly boolean[])[];
  /** By how much the stem thins out frames, and the pooling after it: 2 unless given, 1 in PySlowFast. */
  readonly thinning?: number;
}

/** ResNet-50 inflated over time (Carreira and Zisserman 2017, arXiv 1705.07750), as in mmaction2. */
export class I3d implements Recogniser {
  readonly backbone: ResNet3d;
  readonly cls_head: Classifier;
  readonly options: I3dOptions;

  constructor(options: I3dOptions, init: Initializer) {
    const { classes, parts, dropout = 0.5, width = 64, depths = [3, 4, 6, 3], thinning = 2 } = options;
    const sizes = { width, depths, inflated: options.inflated ?? everySecond(depths) };
    this.backbone = new ResNet3d({ ...sizes, stem: { frames: 5, stride: thinning }, poolStride: thinning }, init);
    this.cls_head = new Classifier({ inputs: this.backbone.width, classes, parts, dropout }, init);
    this.options = options;
  }

  get classes(): number {
    return this.options.classes;
  }

  /** @param clips - [B, 3, frames, height, width], 0 to 255, of any type */
  recognise(clips: Tensor, mode: Mode = inference): Recognised {
    const { normalisation = imageNet, frames = 32 } = this.options;
    requireClips('i3d', clips, [frames]);
    const features = named('backbone', () => globalAveragePool(this.places(normalised(clips, normalisation), mode)));
    return { logits: named('cls_head', () => this.cls_head.apply(features, mode)), features };
  }

  /** clips: [N, 3, frames, height, width], normalised → [N, channels, frames / 8, height / 32, width / 32] with strides of 2. */
  places(clips: Tensor, mode: Mode = inference): Tensor {
    const first = this.backbone.stage(0, this.backbone.stem(clips, mode), mode);
    const pooled = maxPool(first, [2, 1, 1]);
    return [1, 2, 3].reduce((x, index) => this.backbone.stage(index, x, mode), pooled);
  }
}

// ---- below: internals ----

/** (1, 1, 1), (1, 0, 1, 0), (1, 0, 1, 0, 1, 0), (0, 1, 0): the first stage all over. */
const everySecond = (depths: readonly number[]): boolean[][] =>
  depths.map((count, stage) =>
    Array.from({ length: count }, (_, block) => stage === 0 || block % 2 === (stage === 3 ? 1 : 0)),
  );
