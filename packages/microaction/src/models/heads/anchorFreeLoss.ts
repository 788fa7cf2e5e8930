import {
  add,
  type Buffer,
  cast,
  divide,
  greater,
  maximum,
  multiply,
  reshape,
  sigmoidFocalLoss,
  stopGradient,
  subtract,
  sum,
  type Tensor,
} from 'onnxgrad';
import { type Predictions, segmentsOf } from './anchorFreeHead.ts';
import { distanceIou } from './distanceIou.ts';
import type { Points } from './points.ts';

export interface AnchorFreeLossOptions {
  /** How much of each class target is spread over all classes and none; 0 unless given. */
  readonly labelSmoothing?: number;
  /** Weight of the distances; 1 unless given. At 0 or below, what makes their loss as large as that of the classes. */
  readonly distanceWeight?: number;
  /** What remains of the running count of positive points at each step; 0.9 unless given. */
  readonly momentum?: number;
  /** Whether losses are divided by the running count, or by that of the batch. */
  readonly training: boolean;
}

export interface AnchorFreeLosses {
  /** classification + distances. */
  readonly total: Tensor;
  readonly classification: Tensor;
  readonly distances: Tensor;
  /** What both were divided by. In training, the running count goes on from here: see `AnchorFreeHead.loss_normalizer`. */
  readonly normaliser: Tensor;
}

/**
 * Focal loss of the classes at all points of the video, and 1 − DIoU of the segments at the positive ones, each summed
 * and divided by a running count of positive points.
 *
 * @param classes - [B, P, K], as `Targets.classes`
 * @param distances - [B, P, 2], as `Targets.distances`
 */
export function anchorFreeLosses(
  { logits, mask, ...predicted }: Predictions,
  { classes, distances }: { readonly classes: Tensor; readonly distances: Tensor },
  points: Points,
  running: Buffer,
  { labelSmoothing = 0, distanceWeight = 1, momentum = 0.9, training }: AnchorFreeLossOptions,
): AnchorFreeLosses {
  const column = [...mask.shape, 1];
  const valid = reshape(mask, column);
  const positive = multiply(cast(greater(sum(classes, 2, { keepAxes: true }), 0), 'float32'), valid);
  const count = maximum(sum(positive), 1);
  const normaliser = training ? add(multiply(running, momentum), multiply(count, 1 - momentum)) : count;

  const rest = labelSmoothing / (classes.shape[2] + 1);
  const smoothed = labelSmoothing > 0 ? add(multiply(classes, 1 - labelSmoothing), rest) : classes;
  const focal = sigmoidFocalLoss(logits, smoothed, { reduction: 'none' });
  const classification = divide(sum(multiply(focal, valid)), normaliser);

  const [found, wanted] = [predicted.distances, distances].map((each) => segmentsOf(each, points));
  const missed = multiply(subtract(1, distanceIou(found, wanted)), positive);
  const unweighed = divide(sum(missed), normaliser);
  const weight =
    distanceWeight > 0
      ? distanceWeight
      : divide(stopGradient(classification), maximum(stopGradient(unweighed), leastDistanceLoss));
  const weighed = multiply(unweighed, weight);
  return { total: add(classification, weighed), classification, distances: weighed, normaliser };
}

// ---- below: internals ----

/** What the loss of the classes is divided by at least, where that is the weight. */
const leastDistanceLoss = 0.01;
