import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import { drawBeta, drawMixture, mixed } from './mixup.ts';

describe('shares to mix by', () => {
  it.each([0.05, 0.2, 1, 4])('have the mean and variance of Beta(%d, alpha)', (alpha) => {
    const dice = new Dice(7);
    const draws = Array.from({ length: 20_000 }, () => drawBeta(alpha, dice));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    expect(draws.every((draw) => draw >= 0 && draw <= 1)).toBe(true);
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    expect(variance * 4 * (2 * alpha + 1)).toBeCloseTo(1, 1);
  });
});

describe('a mixture', () => {
  const classIds = [0, 1, 2, 3, 0, 1, 2, 3];

  it('has each clip once as a partner, the same for the same dice', () => {
    const one = drawMixture(classIds, { alpha: 0.4 }, new Dice(3));
    expect([...one.partners].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(drawMixture(classIds, { alpha: 0.4 }, new Dice(3))).toEqual(one);
    expect(drawMixture(classIds, { alpha: 0.4 }, new Dice(4))).not.toEqual(one);
  });

  it('stays within body parts where they are given', () => {
    const parts = [0, 0, 1, 2];
    const seen = new Set<string>();
    for (let seed = 0; seed < 50; seed++) {
      const { partners } = drawMixture(classIds, { alpha: 1, parts }, new Dice(seed));
      expect(partners.every((partner, clip) => parts[classIds[partner]] === parts[classIds[clip]])).toBe(true);
      seen.add(partners.slice(0, 2).join());
    }
    expect(seen.size).toBe(12); // of clips 0, 1, 4 and 5, any two
  });

  it('is the weighted mean, rounded where numbers are whole', () => {
    const mixture = { share: 0.75, partners: [1, 0, 2] };
    expect([...mixed(Float32Array.of(1, 0, 0, 1, 5, 7), mixture)]).toEqual([0.75, 0.25, 0.25, 0.75, 5, 7]);
    expect([...mixed(Uint8Array.of(255, 1, 0, 3, 5, 7), mixture)]).toEqual([191, 2, 64, 3, 5, 7]);
  });
});
