import { named, reshape, type Tensor, transpose } from 'onnxgrad';
import { type Initializer, inference, type Mode } from 'onnxgrad/nn';
import { imageNet, type Normalisation, normalised, ResNet, type ResNetOptions } from '../backbones/index.ts';
import type { CommonOptions } from './commonOptions.ts';
import { FrameHead } from './frameHead.ts';
import type { Recognised, Recogniser } from './recogniser.ts';
import { requireClips } from './requireClips.ts';

/** Sizes are those of ResNet-50 unless given. Dropout is 0.5 unless given, of TSN 0.4. */
export interface FrameRecogniserOptions extends CommonOptions, Omit<ResNetOptions, 'shift'> {
  readonly kind: 'tsn' | 'tsm' | 'manet';
  /** Frames of a clip: 8 unless given, of TSN 3, which also takes any other number. */
  readonly segments?: number;
  /** Of TSM and MANet: see `ShiftOptions`; 8 unless given. */
  readonly foldDivisor?: number;
  /** Of MANet: how long the vectors are that stand for the meanings of labels; 300 unless given. */
  readonly vectorLength?: number;
}

/**
 * A residual network over a few frames of a clip, and the mean of what it says of each. TSN (Wang et al. 2016, arXiv
 * 1608.00859) sees every frame by itself; TSM (Lin et al. 2019, arXiv 1811.08383) shifts some channels to the frames before and
 * after; MANet (Guo et al. 2024, arXiv 2403.05234) gates channels before that, and also tells where among the meanings of
 * labels a clip belongs. Weights are named as in mmaction2, which MANet's official code is built on.
 */
export class FrameRecogniser implements Recogniser {
  readonly backbone: ResNet;
  readonly cls_head: FrameHead;
  readonly options: FrameRecogniserOptions & { readonly segments: number };
  readonly normalisation: Normalisation;

  constructor(options: FrameRecogniserOptions, init: Initializer) {
    const { kind, classes, parts, width, depths, foldDivisor, vectorLength = 300 } = options;
    const { segments, dropout, std } = defaults[kind];
    this.options = { ...options, segments: options.segments ?? segments };
    this.normalisation = options.normalisation ?? imageNet;
    const shift = { segments: this.options.segments, foldDivisor, excitation: kind === 'manet' };
    this.backbone = new ResNet({ width, depths, shift: kind === 'tsn' ? undefined : shift }, init);
    const head = {
      inputs: this.backbone.outputs,
      classes,
      parts,
      dropout: options.dropout ?? dropout,
      std,
      averagesFirst: kind === 'tsn',
      vectorLength: kind === 'manet' ? vectorLength : undefined,
    };
    this.cls_head = new FrameHead(head, init);
  }

  get classes(): number {
    return this.options.classes;
  }

  /** @param clips - [B, 3, segments, height, width], 0 to 255, of any type */
  recognise(clips: Tensor, mode: Mode = inference): Recognised {
    const frames = this.frames(clips);
    const features = named('backbone', () => this.backbone.apply(frames, mode));
    return named('cls_head', () => this.cls_head.apply(features, clips.shape[0], mode));
  }

  /** [B, 3, segments, height, width], 0 to 255, of any type → [B · segments, 3, height, width], normalised. */
  frames(clips: Tensor): Tensor {
    const { kind, segments } = this.options;
    requireClips(kind, clips, kind === 'tsn' ? [] : [segments]);
    const inOrder = transpose(normalised(clips, this.normalisation), [0, 2, 1, 3, 4]);
    return reshape(inOrder, [-1, ...inOrder.shape.slice(2)]);
  }
}

// ---- below: internals ----

const defaults = {
  tsn: { segments: 3, dropout: 0.4, std: 0.01 },
  tsm: { segments: 8, dropout: 0.5, std: 0.001 },
  manet: { segments: 8, dropout: 0.5, std: 0.001 },
};
