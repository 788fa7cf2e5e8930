import { describe, expect, it } from 'vitest';
import { countedActions } from './counted.ts';
import { durationQuantiles } from './durationQuantiles.ts';

describe('durationQuantiles', () => {
  const spreads = Object.entries(countedActions).flatMap(([action, [, mean, std]]) =>
    std > 0 ? [{ action, mean, std, low: 0.27, high: 15 }] : [],
  );

  it.each(spreads)('rises between the ends with the mean and the deviation of $action', (spread) => {
    const values = durationQuantiles(spread, 256);
    expect([...values]).toEqual([...values].sort((a, b) => a - b));
    expect(values[0]).toBeGreaterThanOrEqual(spread.low);
    expect(values[255]).toBeLessThanOrEqual(spread.high);
    const mean = values.reduce((sum, value) => sum + value, 0) / 256;
    const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 256);
    expect(Math.abs(mean / spread.mean - 1)).toBeLessThan(0.02);
    expect(Math.abs(std / spread.std - 1)).toBeLessThan(0.03);
  });
});
