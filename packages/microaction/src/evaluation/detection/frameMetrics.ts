import { UsageError } from '../../errors.ts';
import type { FrameScores } from './frameScores.ts';

export interface FrameMap {
  /** Mean over the classes that hold in some frame; a fraction. */
  readonly map: number;
  readonly perClass: Readonly<Record<string, { readonly ap: number; readonly frames: number }>>;
}

/**
 * Per-frame mAP as multi-label detectors report it (MS-TCT, PointTAD, after Sigurdsson 2017): every frame of every
 * video is ranked by the class's score; AP is the mean precision at the frames where the class holds, not interpolated.
 * Frames of equal score are ranked as one (as scikit-learn does), where MS-TCT leaves them in the order of its sort.
 * Classes that never hold are left out; MS-TCT's meter counts them as 0.
 */
export function frameMap({ classes, truth, score }: FrameScores): FrameMap {
  const entries = classes.map((name, c): [string, { ap: number; frames: number }] => {
    return [name, { ap: frameAveragePrecision(score[c], truth[c]), frames: sum(truth[c]) }];
  });
  const held = entries.filter(([, { frames }]) => frames > 0);
  return { map: mean(held.map(([, { ap }]) => ap)), perClass: Object.fromEntries(entries) };
}

/**
 * Average precision of scores against 0 or 1, equal scores being one step of the curve: the sum over distinct scores
 * of (recall gained) x precision. NaN without a positive.
 *
 * @param scores - [frames], 0 or more
 * @param truth - [frames]
 */
export function frameAveragePrecision(scores: Float64Array, truth: Uint8Array): number {
  // Most frames have score 0: those are counted, not sorted.
  const all = new Float64Array(scores.length);
  const positive = new Float64Array(scores.length);
  let scored = 0;
  let found = 0;
  let positives = 0;
  for (let i = 0; i < scores.length; i++) {
    positives += truth[i];
    if (scores[i] === 0) continue;
    all[scored++] = scores[i];
    if (truth[i] === 1) positive[found++] = scores[i];
  }
  if (positives === 0) return Number.NaN;
  all.subarray(0, scored).sort();
  positive.subarray(0, found).sort();
  let area = 0;
  let at = scored;
  for (let p = found; p > 0; ) {
    const score = positive[p - 1];
    while (at > 0 && all[at - 1] >= score) at--;
    const before = p;
    while (p > 0 && positive[p - 1] === score) p--;
    area += (before - p) * ((found - p) / (scored - at));
  }
  area += (positives - found) * (positives / scores.length);
  return area / positives;
}

export interface ConditionalOptions {
  /**
   * Window in frames. 0: the other action holds at the same frame. Above 0: it held at one of the window's frames, of
   * which the present one is the last, and does not hold at present; so what follows an action is measured.
   */
  readonly windowFrames?: number;
  /** Score from which on a frame counts as predicted; 0.5 when absent. */
  readonly threshold?: number;
}

/** Means over pairs of actions; fractions. */
export interface ConditionalMetrics {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly map: number;
  /** Ordered pairs that the means are over. */
  readonly pairs: number;
}

/**
 * How well a detector knows that actions go together: the action-conditional metrics of MLAD (Tirupattur 2021), which
 * MS-TCT and PointTAD report for windows of 0, 20 and 40 frames. For each ordered pair of different actions (i, j),
 * precision, recall and average precision of i over the frames where j holds (or held, see `windowFrames`); means over
 * all pairs for which i holds in such a frame. F1 is that of the mean precision and the mean recall.
 */
export function actionConditional(
  frames: FrameScores,
  { windowFrames = 0, threshold = 0.5 }: ConditionalOptions = {},
): ConditionalMetrics {
  if (!(Number.isInteger(windowFrames) && windowFrames >= 0)) {
    throw new UsageError(`The window must be a whole number of frames from 0 on, found ${windowFrames}.`);
  }
  const precisions: number[] = [];
  const recalls: number[] = [];
  const averages: number[] = [];
  for (let j = 0; j < frames.classes.length; j++) {
    const where = framesGiven(frames, j, windowFrames);
    for (let i = 0; i < frames.classes.length; i++) {
      if (i === j) continue;
      let [positives, predicted, right] = [0, 0, 0];
      const truth = new Uint8Array(where.length);
      const scores = new Float64Array(where.length);
      for (let f = 0; f < where.length; f++) {
        truth[f] = frames.truth[i][where[f]];
        scores[f] = frames.score[i][where[f]];
        positives += truth[f];
        if (scores[f] < threshold) continue;
        predicted += 1;
        right += truth[f];
      }
      if (positives === 0) continue;
      precisions.push(predicted === 0 ? 0 : right / predicted);
      recalls.push(right / positives);
      averages.push(frameAveragePrecision(scores, truth));
    }
  }
  const precision = mean(precisions);
  const recall = mean(recalls);
  const f1 = (2 * precision * recall) / (precision + recall + 1e-9); // MLAD's guard against 0 / 0
  return { precision, recall, f1, map: mean(averages), pairs: precisions.length };
}

// ---- below: internals ----

/** The frames at which class j holds, or for a window: held within it but does not now. */
function framesGiven({ truth, from }: FrameScores, j: number, windowFrames: number): Int32Array {
  const given: number[] = [];
  for (let video = 0; video + 1 < from.length; video++) {
    let last = Number.NEGATIVE_INFINITY;
    for (let frame = from[video]; frame < from[video + 1]; frame++) {
      if (truth[j][frame] === 1) {
        last = frame;
        if (windowFrames === 0) given.push(frame);
      } else if (frame - last < windowFrames) given.push(frame);
    }
  }
  return Int32Array.from(given);
}

const sum = (values: Uint8Array): number => values.reduce((total, value) => total + value, 0);

const mean = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / values.length;
