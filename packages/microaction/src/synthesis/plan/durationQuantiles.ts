export interface Spread {
  readonly mean: number;
  readonly std: number;
  /** Nothing is shorter; what would be is as short as this. */
  readonly low: number;
  /** Nothing is longer. */
  readonly high: number;
}

/**
 * Quantiles of durations with a mean and a standard deviation: `size` of them, in the middle of as many slices of equal
 * probability. The logit of `duration / high` is logistic, so that short actions are skewed to the right, as durations
 * are, and those that often fill a video to the left.
 */
export function durationQuantiles({ mean, std, low, high }: Spread, size: number): Float64Array {
  const logits = Float64Array.from({ length: size }, (_, i) => Math.log((i + 0.5) / (size - i - 0.5)));
  const share = mean / high;
  let centre = Math.log(share / (1 - share));
  let scale = Math.min(1.5, std / high / (share * (1 - share) * 1.81)); // 1.81 = π / √3, the logistic's own deviation
  const values = new Float64Array(size);
  // Newton's method for the mean and the mean square.
  for (let iteration = 0; iteration < 12; iteration++) {
    const sum = { value: 0, square: 0, byCentre: 0, byScale: 0, squareByCentre: 0, squareByScale: 0 };
    logits.forEach((logit, i) => {
      const value = high / (1 + Math.exp(-(centre + scale * logit)));
      const slope = value * (1 - value / high);
      values[i] = value;
      sum.value += value / size;
      sum.square += value ** 2 / size;
      sum.byCentre += slope / size;
      sum.byScale += (slope * logit) / size;
      sum.squareByCentre += (2 * value * slope) / size;
      sum.squareByScale += (2 * value * slope * logit) / size;
    });
    const [first, second] = [mean - sum.value, mean ** 2 + std ** 2 - sum.square];
    const determinant = sum.byCentre * sum.squareByScale - sum.byScale * sum.squareByCentre;
    centre += (first * sum.squareByScale - second * sum.byScale) / determinant;
    scale += (second * sum.byCentre - first * sum.squareByCentre) / determinant;
  }
  return values.map((value) => Math.max(low, value));
}
