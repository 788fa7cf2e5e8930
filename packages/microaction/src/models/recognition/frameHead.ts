import { dropout, globalAveragePool, type Tensor, tanh } from 'onnxgrad';
import { type Distribution, fieldNames, type Initializer, inference, Linear, type Mode } from 'onnxgrad/nn';
import { Classifier, consensus } from '../heads/index.ts';
import type { Recognised } from './recogniser.ts';

export interface FrameHeadOptions {
  readonly inputs: number;
  readonly classes: number;
  /** The body part of each class; see `CommonOptions`. */
  readonly parts?: readonly number[];
  /** 0.5 unless given. */
  readonly dropout?: number;
  /** Of the normal distribution that weights begin with; 0.001 unless given. */
  readonly std?: number;
  /** Whether the features of a clip's frames are averaged before they are judged, as TSN does; no unless told. */
  readonly averagesFirst?: boolean;
  /** How long the vectors are that stand for the meanings of labels; none unless given. */
  readonly vectorLength?: number;
}

/**
 * What is said of clips by the features of their frames: pooled over space, judged frame by frame, and averaged. Without
 * dropout it makes no difference to logits what is averaged. Fields are named as in mmaction2's heads and in MANet's.
 */
export class FrameHead {
  readonly classifier: Classifier;
  readonly fc_emb: Linear | null;
  readonly fc_emb_t: Linear | null;
  readonly #averagesFirst: boolean;
  readonly #dropout: number;
  readonly #stream: number;
  readonly [fieldNames] = { classifier: '' };

  constructor(options: FrameHeadOptions, init: Initializer) {
    const { inputs, classes, parts, dropout = 0.5, std = 0.001, averagesFirst = false, vectorLength } = options;
    const initial: Distribution = { kind: 'normal', std };
    this.classifier = new Classifier({ inputs, classes, parts, std }, init);
    this.fc_emb = vectorLength ? new Linear({ inputs, outputs: vectorLength, initial }, init) : null;
    this.fc_emb_t = vectorLength ? new Linear({ inputs: vectorLength, outputs: vectorLength, initial }, init) : null;
    this.#averagesFirst = averagesFirst;
    // One for both branches, as in MANet: the classifier has none of its own.
    this.#dropout = dropout;
    this.#stream = init.stream();
  }

  /**
   * @param x - [clips · frames, inputs, height, width], the frames of a clip behind each other
   * @param clips - how many there are
   */
  apply(x: Tensor, clips: number, mode: Mode = inference): Recognised {
    const pooled = globalAveragePool(x);
    const features = consensus(pooled, x.shape[0] / clips);
    const judged = this.#averagesFirst ? features : pooled;
    const kept = dropout(judged, this.#dropout, { training: mode.training, stream: this.#stream });
    const perClip = kept.shape[0] / clips;
    const logits = this.classifier.apply(kept, mode, perClip);
    if (!this.fc_emb || !this.fc_emb_t) return { logits, features };
    const embedding = consensus(this.fc_emb_t.apply(tanh(this.fc_emb.apply(kept))), perClip);
    return { logits, features, embedding };
  }
}
