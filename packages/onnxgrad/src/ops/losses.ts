import { apply, type Operation } from '../graph/operation.ts';
import { axisOf, fail, requireDType, requireFloat, requireShape } from '../graph/shapes.ts';
import type { Tensor } from '../graph/tensor.ts';
import { softplus } from './activation.ts';
import { cast, equal, greaterOrEqual, less, where } from './compare.ts';
import {
  abs,
  add,
  clamp,
  divide,
  maximum,
  minimum,
  multiply,
  negate,
  pow,
  sigmoid,
  square,
  subtract,
} from './elementwise.ts';
import { range } from './gather.ts';
import { mean, sum, without } from './reduce.ts';
import { reshape } from './shape.ts';
import { logSoftmax } from './softmax.ts';
import { unsqueeze } from './stack.ts';

/** What becomes of the losses of single elements: their mean unless told, their sum, or what they are. */
export type LossReduction = (typeof reductions)[number];
const reductions = ['mean', 'sum', 'none'] as const;

export interface LossOptions {
  readonly reduction?: LossReduction;
}

export interface CrossEntropyOptions extends LossOptions {
  /** The axis of the classes, the last unless given. */
  readonly axis?: number;
  /** How much of the target is spread evenly over all classes, 0 to 1; nothing unless given. */
  readonly labelSmoothing?: number;
}

/**
 * −log of the probability that softmax gives to the true class.
 *
 * @param targets - int64, the shape of the logits without the axis of classes: the number of the class, below 0 where
 *   an element does not count (nor in the mean), NaN follows from numbers beyond the classes; or the probability of
 *   each class, as the logits
 */
export function crossEntropy(
  logits: Tensor,
  targets: Tensor,
  { axis = -1, labelSmoothing = 0, reduction = 'mean' }: CrossEntropyOptions = {},
): Tensor {
  requireFloat('crossEntropy', 'logits', logits);
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    fail('crossEntropy', 'labelSmoothing', `is ${labelSmoothing}`, 'a number from 0 to 1');
  }
  const along = axisOf('crossEntropy', logits, axis);
  const classes = logits.shape[along];
  const logs = logSoftmax(logits, along);
  const evenly = labelSmoothing > 0 ? multiply(mean(logs, along), labelSmoothing) : null;
  const smoothed = (truth: Tensor) => (evenly ? add(multiply(truth, 1 - labelSmoothing), evenly) : truth);

  if (targets.dtype === logits.dtype) {
    requireShape('crossEntropy', 'targets', targets, logits.shape);
    return reduced(negate(smoothed(sum(multiply(targets, logs), along))), reduction);
  }
  requireDType('crossEntropy', 'targets', targets, 'int64', logits.dtype);
  requireShape('crossEntropy', 'targets', targets, without(logits.shape, [along]));
  const numbers = reshape(
    range(classes),
    logits.shape.map((length, position) => (position === along ? length : 1)),
  );
  const isTrue = equal(unsqueeze(targets, along), numbers);
  // Chosen and not multiplied: what is masked by −∞ is not the true class, and adds nothing.
  const losses = negate(smoothed(sum(where(isTrue, logs, 0), along)));
  const counts = greaterOrEqual(targets, 0);
  // A number beyond the classes is an error in the data, which shall show.
  const counted = where(counts, where(less(targets, classes), losses, Number.NaN), 0);
  if (reduction !== 'mean') return reduced(counted, reduction);
  return divide(sum(counted), maximum(sum(cast(counts, logits.dtype)), 1));
}

/** y = max(x, 0) − x t + log(1 + e⁻|ˣ|)    dx = dy (σ(x) − t)    dt = −dy x */
const binaryOperation: Operation<null> = {
  name: 'binaryCrossEntropy',
  gradient: (dy, { inputs: [x, target] }) => [multiply(dy, subtract(sigmoid(x), target)), negate(multiply(dy, x))],
  decompose: ({ inputs: [x, target] }) => add(subtract(clamp(x, 0), multiply(x, target)), softplus(negate(abs(x)))),
};

/**
 * −t log σ(x) − (1 − t) log(1 − σ(x)), exact also where σ is all but 0 or 1.
 *
 * @param targets - probabilities t, of the shape and type of the logits x
 */
export function binaryCrossEntropy(logits: Tensor, targets: Tensor, { reduction = 'mean' }: LossOptions = {}): Tensor {
  requirePair('binaryCrossEntropy', logits, targets);
  return reduced(apply(binaryOperation, [logits, targets], null, logits), reduction);
}

export interface FocalLossOptions extends LossOptions {
  /** Weight of what is true, against 1 − alpha of what is not; null weighs both alike. 0.25 unless given. */
  readonly alpha?: number | null;
  /** How much what is already right counts less; 2 unless given, 0 for not at all. */
  readonly gamma?: number;
}

/**
 * Cross entropy of each class against the rest, times (1 − p)^gamma, p the probability given to what is true (Lin et
 * al. 2017, arXiv 1708.02002).
 *
 * @param targets - 0 or 1 (or between), of the shape and type of the logits
 */
export function sigmoidFocalLoss(
  logits: Tensor,
  targets: Tensor,
  { alpha = 0.25, gamma = 2, reduction = 'mean' }: FocalLossOptions = {},
): Tensor {
  requirePair('sigmoidFocalLoss', logits, targets);
  if (!(gamma >= 0)) fail('sigmoidFocalLoss', 'gamma', `is ${gamma}`, 'a number from 0 up');
  const plain = binaryCrossEntropy(logits, targets, { reduction: 'none' });
  // Of the true answer: 1 − p = σ(x) + t − 2 t σ(x).
  const share = sigmoid(logits);
  const missing = add(share, multiply(targets, subtract(1, multiply(share, 2))));
  const focused = gamma === 0 ? plain : multiply(plain, pow(missing, gamma));
  const weighed = alpha === null ? focused : multiply(focused, add(multiply(targets, 2 * alpha - 1), 1 - alpha));
  return reduced(weighed, reduction);
}

/** (x − t)². */
export function meanSquaredError(x: Tensor, targets: Tensor, { reduction = 'mean' }: LossOptions = {}): Tensor {
  requirePair('meanSquaredError', x, targets);
  return reduced(square(subtract(x, targets)), reduction);
}

/** |x − t| less beta / 2, but (x − t)² / (2 beta) where they are closer than beta (1 unless given; 0 for |x − t|). */
export function smoothL1(
  x: Tensor,
  targets: Tensor,
  { beta = 1, reduction = 'mean' }: LossOptions & { readonly beta?: number } = {},
): Tensor {
  requirePair('smoothL1', x, targets);
  if (!(beta >= 0)) fail('smoothL1', 'beta', `is ${beta}`, 'a number from 0 up');
  const apart = abs(subtract(x, targets));
  if (beta === 0) return reduced(apart, reduction);
  const near = minimum(apart, beta);
  return reduced(multiply(multiply(near, subtract(apart, multiply(near, 0.5))), 1 / beta), reduction);
}

// ---- below: internals ----

function reduced(losses: Tensor, reduction: LossReduction): Tensor {
  if (!reductions.includes(reduction)) {
    fail('loss', 'reduction', `is ${JSON.stringify(reduction)}`, reductions.join(', '));
  }
  if (reduction === 'none') return losses;
  return reduction === 'sum' ? sum(losses) : mean(losses);
}

function requirePair(operation: string, x: Tensor, targets: Tensor): void {
  requireFloat(operation, 'the first argument', x);
  requireDType(operation, 'targets', targets, x.dtype);
  requireShape(operation, 'targets', targets, x.shape);
}
