import { describe, expect, it } from 'vitest';
import { peakBetween } from './paintRows.ts';

const values = Float32Array.of(0, 1, 0.5, 0.25); // four values over four seconds, at 0.5, 1.5, 2.5 and 3.5 s

describe('the height of a curve over a stretch of time', () => {
  it('is the highest of the values in it', () => {
    expect(peakBetween(values, 4, 0, 4)).toBe(1);
    expect(peakBetween(values, 4, 2, 4)).toBe(0.5);
  });

  it('lies between two values where none falls into the stretch', () => {
    expect(peakBetween(values, 4, 1.9, 2.1)).toBeCloseTo(0.75, 6);
  });

  it('is the first or last value at the very ends', () => {
    expect(peakBetween(values, 4, 0, 0.1)).toBe(0);
    expect(peakBetween(values, 4, 3.9, 4)).toBe(0.25);
  });
});
