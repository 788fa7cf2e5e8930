import { UsageError } from '../../errors.ts';

/**
 * Temporal IoU thresholds from text: `0.5`, a list `0.3,0.5,0.7`, or a range `0.1:0.9:0.1` with both ends. The values
 * of a range are those one would write, 0.3 and not 0.30000000000000004, since some predictions lie exactly there.
 *
 * @throws UsageError
 */
export function parseTiou(text: string): number[] {
  const range = text.split(':');
  const numbers = (range.length === 1 ? text.split(',') : range).map((part) =>
    part.trim() ? Number(part) : Number.NaN,
  );
  const [start, end, step] = numbers;
  const isRange = range.length === 3 && step >= 0.001 && end >= start;
  if ((range.length > 1 && !isRange) || !numbers.every((value) => value > 0 && value <= 1)) {
    throw new UsageError(
      `Thresholds must be like 0.5, 0.3,0.5,0.7 or 0.1:0.9:0.1, above 0 and at most 1; found "${text}".`,
    );
  }
  if (!isRange) return numbers;
  const count = Math.floor((end - start) / step + 1e-6) + 1;
  return Array.from({ length: count }, (_, i) => Number((start + i * step).toFixed(10)));
}
