/** Clips that go through a recogniser together, all of one shape. */
export interface RecognitionBatch {
  /** [B, 3, T, H, W], red, green, blue, 0 to 255. */
  readonly input: Uint8Array;
  readonly inputShape: readonly number[];
  /** [B, classes]: how much each class is what is to be learnt, 1 in all for each clip; one number 1 unless clips are mixed. */
  readonly targets: Float32Array;
  /** Which clips these are. */
  readonly videos: readonly string[];
}
