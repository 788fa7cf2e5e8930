import type { Level } from './level.ts';
import type { Matches } from './matching.ts';

/** Whether scores are probabilities: of predictions scored 0.8, four in five should be true positives. */
export interface Calibration {
  /** Bins of equal width from 0 to 1, each with its lower end, the last with both; scores outside go to the nearest. */
  readonly bins: readonly CalibrationBin[];
  /** Σ predictions in the bin / all · |meanScore - precision| (Naeini et al. 2015); null without predictions. */
  readonly expectedCalibrationError: number | null;
}

export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly predictions: number;
  /** Null of an empty bin, as is `precision`. */
  readonly meanScore: number | null;
  /** Share of true positives, mean over thresholds. */
  readonly precision: number | null;
}

export function calibration(level: Level, matches: Matches, bins: number): Calibration {
  const { score } = level.scene.predictions;
  const count = new Int32Array(bins);
  const scores = new Float64Array(bins);
  const hits = new Float64Array(bins);
  let all = 0;
  for (const rows of level.rows) {
    all += rows.length;
    for (const row of rows) {
      const bin = Math.min(bins - 1, Math.max(0, Math.floor(score[row] * bins)));
      count[bin] += 1;
      scores[bin] += score[row];
      for (const matched of matches) if (matched[row] >= 0) hits[bin] += 1;
    }
  }
  let error = 0;
  const list = Array.from(count, (predictions, bin): CalibrationBin => {
    const range = { from: bin / bins, to: (bin + 1) / bins, predictions };
    if (predictions === 0) return { ...range, meanScore: null, precision: null };
    const meanScore = scores[bin] / predictions;
    const precision = hits[bin] / predictions / matches.length;
    error += (predictions / all) * Math.abs(meanScore - precision);
    return { ...range, meanScore, precision };
  });
  return { bins: list, expectedCalibrationError: all === 0 ? null : error };
}
