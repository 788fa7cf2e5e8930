import type { PoseTrack } from './poseTrack.ts';

export interface FillGapsOptions {
  /** Longest time between the points on both sides of a gap; longer gaps stay. 0.3 when absent. */
  readonly maxGapSeconds?: number;
}

/**
 * Draws a straight line over short gaps: positions that are NaN between two that are not. A filled point has
 * the lower confidence of its two neighbours. Gaps at the ends of the track stay.
 */
export function fillGaps(track: PoseTrack, { maxGapSeconds = 0.3 }: FillGapsOptions = {}): PoseTrack {
  const { timesSeconds: times, points } = track;
  const x = track.x.slice();
  const y = track.y.slice();
  const confidence = track.confidence.slice();
  for (let point = 0; point < points.length; point++) {
    let before = -1;
    for (let time = 0; time < times.length; time++) {
      const to = time * points.length + point;
      if (Number.isNaN(x[to])) continue;
      if (before >= 0 && times[time] - times[before] <= maxGapSeconds) {
        const from = before * points.length + point;
        for (let gap = before + 1; gap < time; gap++) {
          const index = gap * points.length + point;
          const share = (times[gap] - times[before]) / (times[time] - times[before]);
          x[index] = x[from] + share * (x[to] - x[from]);
          y[index] = y[from] + share * (y[to] - y[from]);
          confidence[index] = Math.min(confidence[from], confidence[to]);
        }
      }
      before = time;
    }
  }
  return { ...track, x, y, confidence };
}
