/** The names of the files in a video's folder. Numbers are little-endian, without a header. */
export const preparedFiles = {
  /** Longer side of 480 pixels at most. */
  thumbnail: 'thumbnail.webp',
  /** Float64 [frames]: seconds at which each frame is shown, ascending, the first 0. */
  frames: 'frames.f64',
  /** Float32 [samples], `motionRate` a second: how much moves, 0 to 1. */
  motion: 'motion.f32',
  /** Float32 [samples], `soundRate` a second: peak level, 0 to 1. Absent without sound. */
  sound: 'sound.f32',
  /** `PreparedVideo`. Written last: where it is, the others are whole. */
  meta: 'meta.json',
} as const;

export interface PreparedVideo {
  /** Of the files' format. */
  readonly version: 1;
  /**
   * Add this to times counted from the first frame for a player's `currentTime` of this file; 0 in most, and in proxies.
   */
  readonly startSeconds: number;
  /** Samples per second; sample i is of i / `motionRate` seconds. */
  readonly motionRate: number;
  /** Null where there is no sound, or none that can be decoded. */
  readonly soundRate: number | null;
}
