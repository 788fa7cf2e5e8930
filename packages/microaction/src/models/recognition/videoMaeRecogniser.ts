import { named, type Tensor } from 'onnxgrad';
import { type Initializer, inference, type Mode } from 'onnxgrad/nn';
import { imageNet, normalised, VideoMae, type VideoMaeOptions } from '../backbones/index.ts';
import { Classifier } from '../heads/index.ts';
import type { CommonOptions } from './commonOptions.ts';
import type { Recognised, Recogniser } from './recogniser.ts';
import { requireClips } from './requireClips.ts';

/** Sizes are those of `videoMaeSizes` or others. Nothing is dropped unless told. */
export interface VideoMaeRecogniserOptions extends CommonOptions, Omit<VideoMaeOptions, 'adapter'> {
  readonly kind: 'videomae';
}

/**
 * VideoMAE as a recogniser (Tong et al. 2022, arXiv 2203.12602): the mean token of a clip, normed, and a classifier. Names
 * are mmaction2's. Its backbone is what detectors begin with.
 */
export class VideoMaeRecogniser implements Recogniser {
  readonly backbone: VideoMae;
  readonly cls_head: Classifier;
  readonly options: VideoMaeRecogniserOptions;

  constructor(options: VideoMaeRecogniserOptions, init: Initializer) {
    const { kind: _, classes, parts, dropout = 0, normalisation: __, ...backbone } = options;
    this.backbone = new VideoMae(backbone, init);
    this.cls_head = new Classifier({ inputs: options.width, classes, parts, dropout }, init);
    this.options = options;
  }

  get classes(): number {
    return this.options.classes;
  }

  /** @param clips - [B, 3, clipFrames, height, width], 0 to 255, of any type */
  recognise(clips: Tensor, mode: Mode = inference): Recognised {
    const { normalisation = imageNet } = this.options;
    requireClips('videomae', clips, [this.backbone.options.clipFrames]);
    const features = named('backbone', () => this.backbone.pooled(normalised(clips, normalisation), mode));
    return { logits: named('cls_head', () => this.cls_head.apply(features, mode)), features };
  }
}
