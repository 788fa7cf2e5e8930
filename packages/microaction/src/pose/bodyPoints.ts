/** Key points of one person at one moment, in pixels of the displayed frame, in the order of its network. */
export interface BodyPoints {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** 0 to 1. */
  readonly confidence: Float32Array;
}
