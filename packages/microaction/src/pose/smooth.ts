import type { PoseTrack } from './poseTrack.ts';

export interface SmoothOptions {
  /** Width of the window; 0.42 when absent, which keeps a movement of 3 Hz within a tenth. */
  readonly windowSeconds?: number;
}

/**
 * Smooths positions without lag: each becomes the middle of a polynomial of degree four fitted to the samples in
 * a window about it (Savitzky-Golay, by true times, so that uneven frames are no trouble). Where a window holds
 * too few samples, and at NaN, positions stay as they are; so does confidence.
 */
export function smooth(track: PoseTrack, { windowSeconds = 0.42 }: SmoothOptions = {}): PoseTrack {
  const { timesSeconds: times, points } = track;
  const count = points.length;
  const x = track.x.slice();
  const y = track.y.slice();
  let first = 0;
  let end = 0;
  for (let time = 0; time < times.length; time++) {
    while (times[time] - times[first] > windowSeconds / 2) first++;
    while (end < times.length && times[end] - times[time] <= windowSeconds / 2) end++;
    const whole = middleWeights(times.subarray(first, end), times[time], windowSeconds / 2);
    for (let point = 0; point < count; point++) {
      if (Number.isNaN(track.x[time * count + point])) continue;
      const seen: number[] = [];
      for (let near = first; near < end; near++) if (!Number.isNaN(track.x[near * count + point])) seen.push(near);
      const weights =
        seen.length === end - first
          ? whole
          : middleWeights(
              Float64Array.from(seen, (near) => times[near]),
              times[time],
              windowSeconds / 2,
            );
      if (!weights) continue;
      let sumX = 0;
      let sumY = 0;
      for (const [index, near] of seen.entries()) {
        sumX += weights[index] * track.x[near * count + point];
        sumY += weights[index] * track.y[near * count + point];
      }
      x[time * count + point] = sumX;
      y[time * count + point] = sumY;
    }
  }
  return { ...track, x, y };
}

const terms = 5;

/**
 * What each sample adds to the value at `middle` of the polynomial that fits them best; null when there are too
 * few samples for it to smooth.
 */
function middleWeights(times: Float64Array, middle: number, halfWidth: number): Float64Array | null {
  if (times.length <= terms) return null;
  const powers = Array.from(times, (time) => {
    const at = (time - middle) / halfWidth;
    return [1, at, at ** 2, at ** 3, at ** 4];
  });
  const normal = Array.from({ length: terms }, (_, row) =>
    Array.from({ length: terms }, (_, column) => powers.reduce((sum, power) => sum + power[row] * power[column], 0)),
  );
  const solution = solve(normal, [1, 0, 0, 0, 0]);
  return Float64Array.from(powers, (power) => power.reduce((sum, value, term) => sum + value * solution[term], 0));
}

/** Solves a symmetric positive definite system by elimination; overwrites both arguments. */
function solve(matrix: number[][], right: number[]): number[] {
  const size = right.length;
  for (let pivot = 0; pivot < size; pivot++) {
    for (let row = pivot + 1; row < size; row++) {
      const factor = matrix[row][pivot] / matrix[pivot][pivot];
      for (let column = pivot; column < size; column++) matrix[row][column] -= factor * matrix[pivot][column];
      right[row] -= factor * right[pivot];
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let column = row + 1; column < size; column++) right[row] -= matrix[row][column] * right[column];
    right[row] /= matrix[row][row];
  }
  return right;
}
