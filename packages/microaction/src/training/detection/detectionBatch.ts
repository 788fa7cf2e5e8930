import type { Truth } from '../../models/heads/index.ts';

/** Windows of videos that go through a detector together, all of one length. */
export interface DetectionBatch {
  /**
   * [B, 3, T, H, W], red, green, blue, 0 to 255, the last picture again past the end of a video; or stored features,
   * [B, C, T], zeros past the end. As OpenTAD.
   */
  readonly input: Uint8Array | Float32Array;
  readonly inputShape: readonly number[];
  /** [B, T], 1 where a step is of the video. */
  readonly mask: Uint8Array;
  /** What is to be found in each window, in steps of it. */
  readonly truths: readonly Truth[];
  /** Which video each window is of. */
  readonly videos: readonly string[];
}
