import { describe, expect, it } from 'vitest';
import { seededRandom, shuffled } from './random.ts';

describe('a seeded source of random numbers', () => {
  it('repeats itself for a seed and differs for another', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(new Set([draw(0)[0], draw(1)[0], draw(2)[0], draw(2 ** 40)[0]]).size).toBe(4);
  });

  it('is spread evenly over [0, 1)', () => {
    const random = seededRandom(1);
    const bins = new Array(10).fill(0);
    for (let i = 0; i < 100_000; i++) bins[Math.floor(random() * 10)] += 1;
    // Chi squared with 9 degrees of freedom is below 27.9 in 999 of 1000 fair sources.
    expect(bins.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0)).toBeLessThan(27.9);
  });

  it('shuffles without losing anything', () => {
    const items = Array.from({ length: 50 }, (_, i) => i);
    const mixed = shuffled(items, seededRandom(3));
    expect(mixed).not.toEqual(items);
    expect(mixed.sort((a, b) => a - b)).toEqual(items);
  });
});
