import type { Proposals } from '../suppression/index.ts';

/** What a recogniser says of windows that slide over a video. */
export interface ProbabilitiesOverTime {
  /** Seconds of each window's middle, rising. */
  readonly middles: ArrayLike<number>;
  /** [windows, classes] */
  readonly values: ArrayLike<number>;
  readonly classes: number;
}

export interface PeakOptions {
  readonly durationSeconds: number;
  /** By how much a class must rise above its background; 0.05 unless given. */
  readonly leastRise?: number;
  /**
   * The background of a class is this quantile of what it has over all windows: 0.5, the median, unless given. So an action
   * may take up to half a video; a class that stands for nothing happening is its own background where nothing happens
   * for more than half.
   */
  readonly quantile?: number;
}

/**
 * Segments out of probabilities over time. A recogniser knows no background: whatever it sees, its classes sum to one, and
 * some of them are likely where nothing happens. So each class is looked at above its own background in this video. A
 * peak is a maximum on both sides of which the class falls to half its height before it rises higher; there the segment
 * begins and ends: at the bounds of the action where a recogniser answers by how much of a window the action fills, and
 * about a window long where the action is shorter than that.
 *
 * @returns seconds; scores are rises above the background, 0 to 1; class by class. Segments of one class do not overlap
 */
export function proposalsFromPeaks(
  { middles, values, classes }: ProbabilitiesOverTime,
  { durationSeconds, leastRise = 0.05, quantile = 0.5 }: PeakOptions,
): Proposals<Float64Array> {
  const found: { start: number; end: number; score: number; classId: number }[] = [];
  const windows = middles.length;
  for (let classId = 0; classId < classes; classId++) {
    const series = Float64Array.from({ length: windows }, (_, window) => values[window * classes + classId]);
    const background = windows < leastWindows ? 0 : series.toSorted()[Math.floor(quantile * (windows - 1))];
    const rises = series.map((value) => value - background);
    for (const { peak, first, last } of peaksOf(rises, leastRise)) {
      const half = rises[peak] / 2;
      const crossing = (inside: number, outside: number) => {
        const part = (rises[inside] - half) / (rises[inside] - rises[outside]);
        return middles[inside] + part * (middles[outside] - middles[inside]);
      };
      found.push({
        // Behind the first and the last window nothing is known: what is still there reaches the video's end.
        start: first === 0 ? 0 : crossing(first, first - 1),
        end: last === windows - 1 ? durationSeconds : crossing(last, last + 1),
        score: rises[peak],
        classId,
      });
    }
  }
  return {
    starts: Float64Array.from(found, ({ start }) => start),
    ends: Float64Array.from(found, ({ end }) => end),
    scores: Float64Array.from(found, ({ score }) => score),
    classes: Int32Array.from(found, ({ classId }) => classId),
  };
}

// ---- below: internals ----

/** Fewer say nothing of what is there all the time: the background is 0 then. */
const leastWindows = 4;

/** Maxima, each with the windows around it that reach half its height. Of equal ones without a gap, the first. */
function peaksOf(heights: Float64Array, least: number): { peak: number; first: number; last: number }[] {
  const peaks: { peak: number; first: number; last: number }[] = [];
  for (const [peak, height] of heights.entries()) {
    if (height < least || height <= 0) continue;
    let first = peak;
    while (first > 0 && heights[first - 1] >= height / 2 && heights[first - 1] < height) first--;
    if (first > 0 && heights[first - 1] >= height) continue;
    let last = peak;
    while (last < heights.length - 1 && heights[last + 1] >= height / 2 && heights[last + 1] <= height) last++;
    if (last < heights.length - 1 && heights[last + 1] > height) continue;
    peaks.push({ peak, first, last });
  }
  return peaks;
}
