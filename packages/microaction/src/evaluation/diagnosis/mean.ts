/** The arithmetic mean; NaN of nothing. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** The mean, or null of nothing: what JSON can hold. */
export const meanOrNull = (values: readonly number[]): number | null => (values.length === 0 ? null : mean(values));
