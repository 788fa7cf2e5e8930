/** How long things last, in seconds. All null where there is nothing to measure. */
export interface Durations {
  readonly meanSeconds: number | null;
  /** Of the population: divided by n, as numpy does by default. */
  readonly stdSeconds: number | null;
  readonly medianSeconds: number | null;
  readonly minSeconds: number | null;
  readonly maxSeconds: number | null;
}

export function durationsOf(seconds: readonly number[]): Durations {
  const n = seconds.length;
  if (n === 0) {
    return { meanSeconds: null, stdSeconds: null, medianSeconds: null, minSeconds: null, maxSeconds: null };
  }
  const sorted = Float64Array.from(seconds).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / n;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  return {
    meanSeconds: mean,
    stdSeconds: Math.sqrt(variance),
    medianSeconds: (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2,
    minSeconds: sorted[0],
    maxSeconds: sorted[n - 1],
  };
}
