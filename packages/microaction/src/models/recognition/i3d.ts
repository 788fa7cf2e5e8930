import { dropout, globalAveragePool, maxPool, type Tensor } from 'onnxgrad';
import { type Initializer, inference, Linear, type Mode } from 'onnxgrad/nn';
import { imageNet, type Normalisation, normalised } from '../backbones/clipFeatures.ts';
import { ResNet3d } from '../backbones/resNet3d.ts';
import type { Recognised, Recogniser } from './recogniser.ts';

export interface I3dOptions {
  readonly classes: number;
  /** Channels of the stem; 64 unless given. */
  readonly width?: number;
  /** Blocks of the four stages; those of ResNet-50 (3, 4, 6, 3) unless given. */
  readonly depths?: readonly number[];
  /** Which blocks of each stage span three frames; every second one, in the last stage from the second on, unless given. */
  readonly inflated?: readonly (readonly boolean[])[];
  /** Before the classifier; 0.5 unless given. */
  readonly dropout?: number;
  /** That of ImageNet unless given. */
  readonly normalisation?: Normalisation;
}

/** ResNet-50 inflated over time (Carreira and Zisserman 2017, arXiv 1705.07750), as in mmaction2. */
export class I3d implements Recogniser {
  readonly backbone: ResNet3d;
  readonly cls_head: { readonly fc_cls: Linear };
  readonly classes: number;
  readonly options: I3dOptions;
  readonly #stream: number;

  constructor(options: I3dOptions, init: Initializer) {
    const { classes, width = 64, depths = [3, 4, 6, 3], inflated = everySecond(depths) } = options;
    const stem = { frames: 5, stride: 2 };
    this.backbone = new ResNet3d({ width, depths, inflated, stem, poolStride: 2 }, init);
    this.#stream = init.stream();
    const initial = { kind: 'normal', std: 0.01 } as const;
    this.cls_head = { fc_cls: new Linear({ inputs: this.backbone.width, outputs: classes, initial }, init) };
    this.classes = classes;
    this.options = options;
  }

  recognise(clips: Tensor, mode: Mode = inference): Recognised {
    const { normalisation = imageNet, dropout: rate = 0.5 } = this.options;
    const features = globalAveragePool(this.places(normalised(clips, normalisation), mode));
    const kept = dropout(features, rate, { ...mode, stream: this.#stream });
    return { logits: this.cls_head.fc_cls.apply(kept), features };
  }

  /** clips: [N, 3, frames, height, width], normalised → [N, channels, frames / 8, height / 32, width / 32]. */
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
