import {
  add,
  clamp,
  constant,
  divide,
  exp,
  logSoftmax,
  matmul,
  mean,
  meanSquaredError,
  multiply,
  negate,
  pow,
  subtract,
  sum,
  type Tensor,
} from 'onnxgrad';
import { UsageError } from '../../errors.ts';

export interface ClassificationLossOptions {
  /** How much of each target is spread evenly over all classes, 0 to 1; nothing unless given. */
  readonly labelSmoothing?: number;
  /** How much less counts what is already right: each term times (1 − p)^gamma; 0, not at all, unless given. */
  readonly focalGamma?: number;
  /** How much each class counts; all alike unless given. */
  readonly classWeights?: readonly number[];
}

/**
 * Cross entropy of softmax and soft labels, averaged over clips. Focal as Lin et al. 2017 (arXiv 1708.02002) have it, for a
 * softmax. With weights of classes the average is weighed too, by those of the labels, as in mmaction2 and PyTorch.
 *
 * @param logits - [B, classes]
 * @param targets - [B, classes]: the share of each class, 1 in all
 * @returns []
 */
export function classificationLoss(
  logits: Tensor,
  targets: Tensor,
  { labelSmoothing = 0, focalGamma = 0, classWeights }: ClassificationLossOptions = {},
): Tensor {
  const classes = logits.shape[1];
  const logs = logSoftmax(logits, 1);
  const smoothed = labelSmoothing > 0 ? add(multiply(targets, 1 - labelSmoothing), labelSmoothing / classes) : targets;
  const plain = multiply(smoothed, logs);
  // A little above 0, since where a probability is 1 but for rounding the power of less would have no value or no slope.
  const focused =
    focalGamma > 0 ? multiply(plain, pow(clamp(subtract(1, exp(logs)), leastMissing), focalGamma)) : plain;
  if (!classWeights) return negate(mean(sum(focused, 1)));
  if (classWeights.length !== classes) {
    throw new UsageError(`classWeights: found ${classWeights.length}, expected one for each of ${classes} classes`);
  }
  const weights = constant(classWeights, { shape: [1, classes], dtype: logits.dtype });
  return negate(divide(sum(multiply(focused, weights)), sum(multiply(targets, weights))));
}

/**
 * How far what a clip means lies from what its label means: the mean square over clips and dimensions (MANet, Guo et al.
 * 2024, arXiv 2403.05234, which adds it 50 times to the cross entropy). A mixed label means the mixture.
 *
 * @param embedding - [B, D]
 * @param targets - [B, classes]
 * @param wordVectors - [classes, D], the meaning of each label
 * @returns []
 */
export function embeddingLoss(embedding: Tensor, targets: Tensor, wordVectors: Tensor): Tensor {
  return meanSquaredError(embedding, matmul(targets, wordVectors));
}

/**
 * Weights that make up for rare classes, by the effective number of their clips: (1 − beta) / (1 − beta^count), 1 on
 * average over the classes that there are (Cui et al. 2019, arXiv 1901.05555). A class without clips has weight 0: there is
 * nothing that it could count.
 *
 * @param counts - clips of each class
 * @param beta - 0 (all alike) up to 1 (as 1 / count); 0.999 unless given
 * @throws UsageError where no class has a clip, or for a beta beyond these bounds
 */
export function effectiveNumberWeights(counts: readonly number[], beta = 0.999): number[] {
  if (!(beta >= 0 && beta < 1))
    throw new UsageError(`beta: found ${beta}, expected a number from 0 up to, not including, 1`);
  const weights = counts.map((count) => (count > 0 ? (1 - beta) / (1 - beta ** count) : 0));
  const present = weights.filter((weight) => weight > 0);
  if (present.length === 0) throw new UsageError('counts: no class has a clip, expected one at least');
  const average = present.reduce((total, weight) => total + weight, 0) / present.length;
  return weights.map((weight) => weight / average);
}

// ---- below: internals ----

const leastMissing = 1e-6;
