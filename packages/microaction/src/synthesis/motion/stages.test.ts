import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dice } from '../../dice.ts';
import { drawStages } from './stages.ts';
import { moments, turnsOf } from './testing.ts';

const property = (test: (seed: number, durationSeconds: number, overSeconds: number) => void) =>
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.double({ min: 0.27, max: 15, noNaN: true }),
      fc.double({ min: 0.4, max: 1.5, noNaN: true }),
      test,
    ),
    { seed: 8, numRuns: 150 },
  );

describe('stages', () => {
  it('go from 0 at the start to 1 at the end, stay between, and stand still outside', () => {
    property((seed, duration, over) => {
      const { done, moving } = drawStages(new Dice(seed), duration, over);
      for (const at of [-2, 0]) expect(done(at)).toBe(0);
      for (const at of [duration, duration + 2]) expect(done(at)).toBeCloseTo(1, 9);
      for (const at of [-2, 0, duration + 1e-9, duration + 2]) expect(moving(at)).toBeCloseTo(0, 6);
      for (const at of moments(0, duration, 20)) {
        expect(done(at)).toBeGreaterThan(-1e-9);
        expect(done(at)).toBeLessThan(1 + 1e-9);
      }
    });
  });

  it('move far at the start and at the end, however long the act is', () => {
    property((seed, duration, over) => {
      const { done } = drawStages(new Dice(seed), duration, over);
      const share = Math.min(over, duration);
      expect(done(share)).toBeGreaterThan(0.3);
      expect(1 - done(duration - share)).toBeGreaterThan(0.3);
    });
  });

  it('are one movement in a short act, and several with rests between in a long one', () => {
    const short = drawStages(new Dice(1), 1, 0.8);
    expect(turnsOf(moments(0, 1, 100).map(short.moving), 0.2)).toBe(1);
    for (let seed = 0; seed < 10; seed++) {
      const { moving } = drawStages(new Dice(seed), 10, 0.8);
      const curve = moments(0, 10, 100).map(moving);
      expect((turnsOf(curve, 0.2) + 1) / 2).toBeGreaterThanOrEqual(3);
      expect(curve.filter((much) => much < 1e-6).length / curve.length).toBeGreaterThan(0.25);
    }
  });
});
