import type { Tensor } from 'onnxgrad';

/** One level of a pyramid over time: a sequence, and which of its steps are of the video. */
export interface Level {
  readonly features: Tensor; // [B, T, C]
  readonly mask: Tensor; // [B, T, 1], zeros and ones
}
