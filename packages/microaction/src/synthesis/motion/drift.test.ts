import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import { drawDrift } from './drift.ts';
import { moments } from './testing.ts';

describe('a drift', () => {
  it('wanders about 0 with a standard deviation of 1, within its three waves', () => {
    const root = new Dice(1);
    for (let i = 0; i < 10; i++) {
      const drift = drawDrift(root.fork(i), 5);
      const values = moments(0, 5000, 4).map(drift);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(Math.abs(mean)).toBeLessThan(0.02);
      expect(Math.sqrt(variance)).toBeCloseTo(1, 1);
      expect(Math.max(...values.map(Math.abs))).toBeLessThan(2.5);
    }
  });

  it('is slow: no faster than its period says', () => {
    const drift = drawDrift(new Dice(2), 5);
    // Each wave's greatest speed, with periods of 0.85 of what they are named at least.
    const fastest =
      [1, 0.62, 0.37].reduce((sum, share) => sum + (2 * Math.PI) / (5 * 0.85 * Math.sqrt(share)), 0) * 1.01;
    for (const at of moments(0, 60, 20)) expect(Math.abs(drift(at + 0.001) - drift(at)) / 0.001).toBeLessThan(fastest);
  });

  it('does not repeat itself, and differs from one drawing to the next', () => {
    const dice = new Dice(3);
    const [one, other] = [drawDrift(dice, 5), drawDrift(dice, 5)];
    const apart = (a: (t: number) => number, b: (t: number) => number) =>
      Math.max(...moments(0, 5, 20).map((at) => Math.abs(a(at) - b(at))));
    expect(apart(one, other)).toBeGreaterThan(0.3);
    for (let period = 4; period < 6; period += 0.1) expect(apart(one, (at) => one(at + period))).toBeGreaterThan(0.1);
  });
});
