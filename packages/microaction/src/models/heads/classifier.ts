import { add, concat, dropout, GraphError, gather, logSoftmax, mean, rearrange, reshape, type Tensor } from 'onnxgrad';
import { type Initializer, inference, Linear, type Mode } from 'onnxgrad/nn';

export interface ClassifierOptions {
  /** Width of the features. */
  readonly inputs: number;
  readonly classes: number;
  /** How much of the features is left out in training, 0 up to 1; nothing unless given. */
  readonly dropout?: number;
  /** Deviation of the first weights around 0; 0.01 unless given. */
  readonly std?: number;
  /** The body part of each class, counted from 0: makes the classifier hierarchical. */
  readonly parts?: readonly number[];
}

/**
 * The last layer of a recogniser. With body parts it is hierarchical: a softmax over parts times one over the actions
 * within each, P(action) = P(part) P(action | part). Softmax of its logits are the probabilities either way.
 */
export class Classifier {
  readonly fc_cls: Linear;
  readonly fc_part: Linear | null;
  readonly #dropout: number;
  readonly #stream: number;
  readonly #parts: readonly number[] | undefined;

  /** @throws GraphError for parts that are not one for each class, or not 0, 1, 2 ... without a gap */
  constructor({ inputs, classes, dropout: rate = 0, std = 0.01, parts }: ClassifierOptions, init: Initializer) {
    const linear = (outputs: number) => new Linear({ inputs, outputs, initial: { kind: 'normal', std } }, init);
    this.fc_cls = linear(classes);
    this.fc_part = parts ? linear(checkedPartCount(parts, classes)) : null;
    this.#parts = parts;
    this.#dropout = rate;
    this.#stream = init.stream();
  }

  /**
   * @param features - [B · segments, inputs], the segments of a clip behind each other: their scores are averaged, before
   *   parts and actions meet
   * @returns logits [B, classes]
   */
  apply(features: Tensor, mode: Mode = inference, segments = 1): Tensor {
    const kept = dropout(features, this.#dropout, { training: mode.training, stream: this.#stream });
    const scores = consensus(this.fc_cls.apply(kept), segments);
    if (!this.fc_part || !this.#parts) return scores;
    return hierarchicalLogits(scores, consensus(this.fc_part.apply(kept), segments), this.#parts);
  }
}

/** The mean over the segments of each clip. [B · segments, width] → [B, width]. */
export function consensus(x: Tensor, segments: number): Tensor {
  return segments === 1 ? x : mean(reshape(x, [-1, segments, x.shape[1]]), 1);
}

/**
 * log P(part) + log P(action | part): P(part) is softmax of the scores of parts, P(action | part) softmax of the scores of
 * the actions of that part.
 *
 * @param scores - [B, classes]
 * @param partScores - [B, parts]
 * @param parts - the part of each class
 * @returns [B, classes]; their exponentials sum to 1
 */
export function hierarchicalLogits(scores: Tensor, partScores: Tensor, parts: readonly number[]): Tensor {
  const members = Array.from({ length: partScores.shape[1] }, (_, part) =>
    parts.flatMap((own, classId) => (own === part ? [classId] : [])),
  );
  const within = concat(
    members.map((classIds) => logSoftmax(gather(scores, classIds, 1), 1)),
    1,
  );
  const places = members.flat();
  const inOrder = rearrange(
    within,
    parts.map((_, classId) => places.indexOf(classId)),
    1,
  );
  return add(gather(logSoftmax(partScores, 1), parts, 1), inOrder);
}

// ---- below: internals ----

function checkedPartCount(parts: readonly number[], classes: number): number {
  if (parts.length !== classes) {
    throw new GraphError(
      `Classifier: parts has length ${parts.length}; expected the part of each of ${classes} classes`,
    );
  }
  const count = Math.max(...parts) + 1;
  const known = new Set(parts);
  if (known.size === count && Array.from({ length: count }, (_, part) => part).every((part) => known.has(part))) {
    return count;
  }
  throw new GraphError(`Classifier: parts are ${[...known].join(', ')}; expected 0, 1, 2 ... without a gap`);
}
