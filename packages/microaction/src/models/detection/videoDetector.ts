import type { Tensor } from 'onnxgrad';
import { fieldNames, freeze, type Initializer, type Mode } from 'onnxgrad/nn';
import {
  imageNet,
  type Normalisation,
  VideoMae,
  type VideoMaeOptions,
  type VideoMaeRun,
  videoFeatures,
} from '../backbones/index.ts';
import type { AnchorFreeLosses, Proposed } from '../heads/index.ts';
import { ActionFormer, type ActionFormerOptions, type TargetTensors } from './actionFormer.ts';

export interface VideoDetectorOptions {
  readonly backbone: VideoMaeOptions;
  /** Its `inputs` are the width of the backbone. */
  readonly detector: Omit<ActionFormerOptions, 'inputs'>;
  /**
   * What of the backbone is trained: its adapters (so unless told, where it has some), all of it, or nothing (so unless
   * told, where it has none).
   */
  readonly tuned?: 'adapters' | 'all' | 'nothing';
  /** By which pictures become numbers; ImageNet's unless given. */
  readonly normalisation?: Normalisation;
}

/**
 * From frames to segments with classes, end to end: VideoMAE with adapters and ActionFormer, as AdaTAD (Liu et al. 2024,
 * arXiv 2311.17241). Weights are named as in OpenTAD's checkpoints.
 */
export class VideoDetector {
  readonly backbone: VideoMae;
  readonly detector: ActionFormer;
  readonly normalisation: Normalisation;
  /** The parts of ActionFormer stand beside the backbone. */
  readonly [fieldNames] = { backbone: 'backbone.model.backbone', detector: '' };

  constructor(options: VideoDetectorOptions, init: Initializer) {
    const { backbone, detector, normalisation = imageNet } = options;
    this.backbone = new VideoMae(backbone, init);
    this.detector = new ActionFormer({ ...detector, inputs: backbone.width }, init);
    this.normalisation = normalisation;
    const { tuned = backbone.adapter ? 'adapters' : 'nothing' } = options;
    if (tuned === 'adapters') this.backbone.freezeAllButAdapters();
    else if (tuned === 'nothing') freeze(this.backbone);
  }

  /**
   * @param frames - [B, 3, frames, height, width], 0 to 255, of any type; whole clips
   * @param steps - features that come out; as many as frames unless given
   * @returns [B, width, steps]
   */
  features(frames: Tensor, { steps, ...run }: VideoMaeRun & { readonly steps?: number } = {}): Tensor {
    return videoFeatures(this.backbone, frames, { steps, normalisation: this.normalisation, ...run });
  }

  /** Segments in steps of the feature grid, with scores. mask: [B, steps], true or 1 where a step is valid. */
  propose(frames: Tensor, mask: Tensor): Proposed {
    return this.detector.propose(this.features(frames, { steps: mask.shape[1] }), mask);
  }

  /** See `ActionFormer.losses`. */
  losses(frames: Tensor, mask: Tensor, targets: TargetTensors, mode: Mode): AnchorFreeLosses {
    const features = this.features(frames, { steps: mask.shape[1], ...mode });
    return this.detector.losses(features, mask, targets, { training: mode.training });
  }
}
