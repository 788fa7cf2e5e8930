import type { Instance } from '../annotation/dataset.ts';
import type { PoseTrack } from '../pose/poseTrack.ts';
import type { VideoInfo } from '../video/video.ts';

/** One measured quantity over the video: what a detector looked at. */
export interface MotionCurve {
  /** Unique in its detection: `headPitch`. */
  readonly id: string;
  /** For people: `Head pitch`. */
  readonly title: string;
  /** `degrees`, `shoulder widths` ... */
  readonly unit: string;
  /** [T] at the times of the pose track; NaN where it could not be measured. */
  readonly values: Float32Array;
}

/** An instance, with the curve that shows it best, if one does. */
export interface DetectedInstance extends Instance {
  readonly score: number;
  readonly reason: string;
  /** `MotionCurve.id`; absent where the detector measures nothing that could be shown. */
  readonly curve?: string;
}

/** All that a detector found in one video. */
export interface Detection {
  /** Name of the detector. */
  readonly model: string;
  readonly info: VideoInfo;
  /** `Video.warnings`: what is wrong with the file although it could be used. */
  readonly warnings?: readonly string[];
  /** Ordered by start, then end, then action. */
  readonly instances: readonly DetectedInstance[];
  /**
   * The person, fused from the networks, gaps filled and smoothed: what curves and overlays are made of. Absent where a
   * detector looks at pictures only.
   */
  readonly pose?: PoseTrack;
  readonly curves: readonly MotionCurve[];
}

/** Of a detector that follows the person. */
export type PoseDetection = Detection & { readonly pose: PoseTrack };

export type DetectionStage =
  | 'opening'
  | 'finding the person'
  | 'following the person'
  | 'reading the motion'
  | 'looking for actions'
  | 'recognising';

export interface DetectionProgress {
  readonly stage: DetectionStage;
  /** Seconds of video done and in all, in this stage. */
  readonly doneSeconds: number;
  readonly totalSeconds: number;
}
