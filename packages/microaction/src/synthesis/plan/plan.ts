import type { Limb } from '../body/limbs.ts';

/** One micro-action that a clip is going to show. */
export interface Act {
  /** Canonical name of the action. */
  readonly action: string;
  /** Seconds from the clip's first frame. An act may begin before the clip and end after it; labels are cut to it. */
  readonly start: number;
  readonly end: number;
  /** What it keeps busy, one side or both where it may choose. */
  readonly limbs: readonly Limb[];
  /** Of everything else that is drawn about it: amplitude, speed, repetitions. */
  readonly seed: number;
}

/** What one clip is going to show, before anybody moves. */
export interface ClipPlan {
  /** `train0000`, as MMA-52 names videos. */
  readonly id: string;
  /** `training`, `validation` or `test`. */
  readonly subset: string;
  /** Who sits there, counted over the whole data set from 0. */
  readonly subject: number;
  readonly frameRate: number;
  readonly frameCount: number;
  /** In order of start. No two that share a limb overlap. */
  readonly acts: readonly Act[];
  /** Of posture, camera, room and noise. */
  readonly seed: number;
}
