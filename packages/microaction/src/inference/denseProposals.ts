import { numbersOf, type TensorData } from 'onnxgrad';
import { UsageError } from '../errors.ts';
import type { DenseProposals } from './suppression/index.ts';

/** What a detector's program gives of a batch of windows: B windows, P points, K classes. */
export interface ProposedData {
  /** [B, P, 2]: start and end on the feature grid. */
  readonly segments: TensorData;
  /** [B, P, K]: 0 to 1. */
  readonly scores: TensorData;
  /** [B, P]: 1 where a point is of the video. */
  readonly valid: TensorData;
}

/**
 * The proposals of each window of a batch at the points that are of the video: what `postProcess` and
 * `windowCandidates` take.
 *
 * @throws UsageError where shapes do not belong together
 */
export function denseProposals({ segments, scores, valid }: ProposedData): DenseProposals[] {
  const [windows, points, classes] = scores.shape;
  if (String(segments.shape) !== String([windows, points, 2]) || String(valid.shape) !== String([windows, points])) {
    throw new UsageError(
      `denseProposals: scores have shape [${scores.shape}], segments [${segments.shape}] and valid [${valid.shape}]; ` +
        `expected segments [${windows},${points},2] and valid [${windows},${points}]`,
    );
  }
  const [bounds, probabilities, isValid] = [segments, scores, valid].map(numbersOf);
  return Array.from({ length: windows }, (_, window) => {
    const all = Array.from({ length: points }, (_, point) => window * points + point);
    const kept = all.filter((point) => isValid[point] !== 0);
    const rows = (from: Float64Array, width: number) => {
      const array = new Float32Array(kept.length * width);
      for (const [row, point] of kept.entries())
        array.set(from.subarray(point * width, (point + 1) * width), row * width);
      return array;
    };
    return { segments: rows(bounds, 2), scores: rows(probabilities, classes), classes };
  });
}
