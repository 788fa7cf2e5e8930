import type { Tensor } from 'onnxgrad';
import type { Mode } from 'onnxgrad/nn';

/** What a recogniser says of clips. */
export interface Recognised {
  /** [B, classes]; softmax over classes gives their probabilities. */
  readonly logits: Tensor;
  /** [B, width]: what the classifier judges by, averaged over the frames of a clip. */
  readonly features: Tensor;
  /** [B, 300], the place among the meanings of labels; of models that learn one. */
  readonly embedding?: Tensor;
}

/** Tells which one of its classes a short clip shows. Weights are named as in official checkpoints. */
export interface Recogniser {
  readonly classes: number;
  /** @param clips - [B, 3, T, height, width], red, green, blue, 0 to 255, of any type */
  recognise(clips: Tensor, mode?: Mode): Recognised;
}
