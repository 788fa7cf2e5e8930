import { dropout, globalAveragePool, mean, reshape, type Tensor, tanh } from 'onnxgrad';
import { type Distribution, fieldNames, type Initializer, inference, Linear, type Mode } from 'onnxgrad/nn';
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
  /** How long the vectors are that stand for the meanings of labels; none unless given. */
  readonly vectorLength?: number;
}

/**
 * What is said of a clip by the features of its frames: they are pooled over space, judged, and the judgements are averaged. Fields
 * are named as in mmaction2's heads and in MANet's.
 */
export class FrameHead {
  readonly classifier: { readonly fc_cls: Linear };
  readonly fc_emb: Linear | null;
  readonly fc_emb_t: Linear | null;
  readonly dropout: { readonly rate: number; readonly stream: number };
  readonly [fieldNames] = { classifier: '' };

  constructor(options: FrameHeadOptions, init: Initializer) {
    const { inputs, classes, dropout = 0.5, std = 0.001, vectorLength } = options;
    const initial: Distribution = { kind: 'normal', std };
    this.classifier = { fc_cls: new Linear({ inputs, outputs: classes, initial }, init) };
    this.fc_emb = vectorLength ? new Linear({ inputs, outputs: vectorLength, initial }, init) : null;
    this.fc_emb_t = vectorLength ? new Linear({ inputs: vectorLength, outputs: vectorLength, initial }, init) : null;
    this.dropout = { rate: dropout, stream: init.stream() };
  }

  /**
   * @param x - [clips · frames, inputs, height, width], the frames of a clip behind each other
   * @param clips - how many there are
   */
  apply(x: Tensor, clips: number, { training }: Mode = inference): Recognised {
    const perClip = (y: Tensor) => mean(reshape(y, [clips, -1, y.shape[1]]), 1);
    const pooled = globalAveragePool(x);
    const { rate, stream } = this.dropout;
    const judged = dropout(pooled, rate, { training, stream });
    // A linear layer of the mean is the mean of the linear layer.
    const logits = this.classifier.fc_cls.apply(perClip(judged));
    const features = perClip(pooled);
    if (!this.fc_emb || !this.fc_emb_t) return { logits, features };
    return { logits, features, embedding: this.fc_emb_t.apply(perClip(tanh(this.fc_emb.apply(judged)))) };
  }
}
